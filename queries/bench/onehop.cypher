// The critiques of one proposal.
MATCH (c:Critique)-[:CRITIQUES]->(:Proposal {id: $id})
RETURN count(c), sum(c.id)
