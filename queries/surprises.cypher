// Proposals whose measured effect lay furthest from the predicted one.
//
// Only where it was compared with the very proposal that it changed: a prediction is about that.
// @param limit INTEGER = 10       how many to show
// @param campaign STRING = null   only this campaign, such as C1
// @returns predicted and measured gain with its interval, and the distance between them

MATCH (comparison:Comparison {stage: 'confirm'})-[:COMPARES]->(p:Proposal)-[:IN*1..3]->(c:Campaign)
WHERE ($campaign IS NULL OR c.key = $campaign) AND p.predictedEffect IS NOT NULL
  AND (comparison)-[:AGAINST]->(:Proposal)<-[:BASED_ON]-(p)
WITH p, comparison,
     CASE c.direction WHEN 'minimise' THEN -p.predictedEffect ELSE p.predictedEffect END
     AS predicted
RETURN p.key AS proposal, p.title AS title, predicted, comparison.effect AS effect,
       comparison.lower AS lower, comparison.upper AS upper, comparison.verdict AS verdict,
       abs(comparison.effect - predicted) AS distance
ORDER BY distance DESC, id(comparison)
LIMIT $limit
