// How well proposers and critics foresaw outcomes: the Brier score (0 is perfect, 0.25 a coin).
//
// An outcome counts as 1 when the improvement was confirmed. Proposals that never ran do not count.
// @param campaign STRING = null   only this campaign, such as C1
// @returns one row per actor and role, best first

MATCH (judge)-[:CRITIQUES*0..1]->(p:Proposal)-[:IN*1..3]->(c:Campaign)
WHERE ($campaign IS NULL OR c.key = $campaign) AND judge.predictedProbability IS NOT NULL
  AND p.status IN ['confirmed', 'refuted', 'indistinguishable', 'screened', 'invalid',
                   'failed']
MATCH (judge)-[:BY]->(actor:Actor)
WITH actor, CASE WHEN judge = p THEN 'proposer' ELSE 'critic' END AS role,
     judge.predictedProbability AS probability,
     CASE p.status WHEN 'confirmed' THEN 1.0 ELSE 0.0 END AS outcome
RETURN actor.name AS actor, role, count(*) AS predictions, avg(probability) AS meanProbability,
       avg(outcome) AS rate, avg((probability - outcome) * (probability - outcome)) AS brier
ORDER BY brier, actor, role
