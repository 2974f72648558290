// Which knobs mattered: per changed parameter, how often it was tried and what came of it.
//
// @param campaign STRING = null   only this campaign, such as C1
// @returns one row per parameter, the most fruitful first

MATCH (p:Proposal)-[:IN*1..3]->(c:Campaign)
WHERE ($campaign IS NULL OR c.key = $campaign) AND p.kind <> 'baseline'
OPTIONAL MATCH (comparison:Comparison {stage: 'confirm'})-[:COMPARES]->(p)
UNWIND coalesce(p.changed, []) AS parameter
RETURN parameter, count(DISTINCT p) AS proposals,
       count(DISTINCT CASE p.status WHEN 'rejected' THEN p END) AS rejected,
       count(DISTINCT CASE p.status WHEN 'confirmed' THEN p END) AS confirmed,
       max(comparison.effect) AS bestEffect, avg(comparison.effect) AS meanEffect
ORDER BY confirmed DESC, proposals DESC, parameter
