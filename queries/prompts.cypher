// What each version of a prompt achieved: the score of the proposal that brought it in.
//
// Of a proposer's questions those count whose proposal ended (confirmed is worth 1, all else 0), of a
// critic's those whose proposal ran (1 less the squared error of the probability); an answer that
// fitted no schema is worth 0. `score` is the mean with one success and one failure added, which is
// also what versions are drawn by (docs/critics.md).
// @param campaign STRING = null   only this campaign, such as C1
// @returns one row per version and role, best first

MATCH (prompt:Prompt)<-[:USES]-(call:Call)-[:IN*1..3]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
OPTIONAL MATCH (call)-[:PRODUCED]->(made)-[:CRITIQUES]->(judged:Proposal)
OPTIONAL MATCH (call)-[:PRODUCED]->(proposed:Proposal)
OPTIONAL MATCH (proposed)<-[:SUPERSEDES*0..]-(last:Proposal)
WHERE NOT EXISTS { (last)<-[:SUPERSEDES]-(:Proposal) }
WITH prompt, call, coalesce(last.status, judged.status) AS status,
     made.predictedProbability AS probability, judged IS NOT NULL AS isCritique
WITH prompt, call.role AS role, call.status AS called, status,
     CASE
       WHEN call.status = 'invalid' THEN 0.0
       WHEN status IN ['refuted', 'indistinguishable', 'screened', 'invalid', 'failed']
         THEN CASE WHEN isCritique THEN 1.0 - probability * probability ELSE 0.0 END
       WHEN status = 'confirmed'
         THEN CASE WHEN isCritique THEN 1.0 - (1 - probability) * (1 - probability) ELSE 1.0 END
       WHEN status = 'rejected' AND NOT isCritique THEN 0.0
     END AS reward
WITH prompt, role, count(*) AS questions,
     sum(CASE called WHEN 'invalid' THEN 1 ELSE 0 END) AS invalid,
     sum(CASE status WHEN 'confirmed' THEN 1 ELSE 0 END) AS confirmed,
     count(reward) AS counted, sum(reward) AS achieved
OPTIONAL MATCH (proposal:Proposal)-[:PRODUCED]->(prompt)
RETURN prompt.key AS key, prompt.name AS prompt, prompt.version AS version, role,
       proposal.key AS proposal, questions, invalid, confirmed, counted, achieved,
       (achieved + 1.0) / (counted + 2.0) AS score
ORDER BY score DESC, prompt, version, key, role
