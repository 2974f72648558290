// How many proposals lie in a corner of the parameter space.
MATCH (p:Proposal)
WHERE p.lr < $lr AND p.dropout > $dropout AND p.depth >= $depth
RETURN count(p), sum(p.id)
