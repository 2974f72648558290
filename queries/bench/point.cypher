// One proposal by its identifier.
MATCH (p:Proposal {id: $id})
RETURN p.campaign, p.batch
