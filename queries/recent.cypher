// The newest proposals and what became of them.
//
// @param limit INTEGER = 10       how many to show
// @param campaign STRING = null   only this campaign, such as C1
// @returns newest first

MATCH (p:Proposal)-[:IN*1..3]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
WITH p ORDER BY id(p) DESC LIMIT $limit
OPTIONAL MATCH (comparison:Comparison {stage: 'confirm'})-[:COMPARES]->(p)
RETURN p.key AS proposal, p.title AS title, p.kind AS kind, p.status AS status,
       p.predictedEffect AS predicted, comparison.effect AS effect,
       comparison.lower AS lower, comparison.upper AS upper
ORDER BY id(p) DESC, id(comparison)
