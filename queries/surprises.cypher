// Proposals whose measured effect lay furthest from the predicted one.
//
// @param limit INTEGER = 10       how many to show
// @param campaign STRING = null   only this campaign, such as C1
// @returns prediction, measurement with its interval, and the distance between them

MATCH (comparison:Comparison {stage: 'confirm'})-[:COMPARES]->(p:Proposal)-[:IN*1..3]->(c:Campaign)
WHERE ($campaign IS NULL OR c.key = $campaign) AND p.predictedEffect IS NOT NULL
RETURN p.key AS proposal, p.title AS title, p.predictedEffect AS predicted,
       comparison.effect AS effect, comparison.lower AS lower,
       comparison.upper AS upper, comparison.verdict AS verdict,
       abs(comparison.effect - p.predictedEffect) AS distance
ORDER BY distance DESC, id(comparison)
LIMIT $limit
