// The newest proposals and what became of them.
//
// @param limit INTEGER = 10       how many to show
// @param campaign STRING = null   only this campaign, such as C1
// @returns newest first; gains, predicted and measured, are positive where it got better

MATCH (p:Proposal)-[:IN*1..3]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
WITH p, CASE c.direction WHEN 'minimise' THEN -p.predictedEffect ELSE p.predictedEffect END
     AS predicted
ORDER BY id(p) DESC LIMIT $limit
OPTIONAL MATCH (comparison:Comparison {stage: 'confirm'})-[:COMPARES]->(p)
RETURN p.key AS proposal, p.title AS title, p.kind AS kind, p.status AS status,
       predicted, comparison.effect AS effect,
       comparison.lower AS lower, comparison.upper AS upper
ORDER BY id(p) DESC, id(comparison)
