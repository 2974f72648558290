// Comparisons against a baseline that has been replaced since, or whose evidence was withdrawn.
//
// @param campaign STRING = null   only this campaign, such as C1
// @returns the claims to be measured again, and what replaced their baseline

MATCH (claim:Comparison {stage: 'confirm', verdict: 'better'})-[:AGAINST]->(old:Proposal)
MATCH (claim)-[:COMPARES]->(p:Proposal), (claim)-[:IN*1..3]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
OPTIONAL MATCH (later:Comparison {stage: 'confirm', verdict: 'better'})-[:AGAINST]->(old),
               (later)-[:COMPARES]->(successor:Proposal)
WHERE id(later) > id(claim)
WITH claim, p, old, collect(DISTINCT successor.key) AS replacedBy
OPTIONAL MATCH (claim)-[:BASELINE]->(eval:Eval)<-[:RETRACTS]-(decision:Decision)
WITH claim, p, old, replacedBy, collect(DISTINCT decision.key) AS withdrawnBy
WHERE size(replacedBy) + size(withdrawnBy) > 0
RETURN claim.key AS comparison, p.key AS proposal, claim.effect AS effect, old.key AS baseline,
       replacedBy, withdrawnBy
ORDER BY id(claim)
