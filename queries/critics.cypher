// How well each critic judged, by model and version of its prompt, once outcomes were known.
//
// `brier` is the mean squared error of its probabilities (0 is perfect, 0.25 a coin), `precision` the
// share of its objections that were made to what was not confirmed, `missed` what it approved and
// that failed, was invalid or came out worse. `weight` is what it counts for under the rule
// `weighted`: precision over Brier score, both drawn towards a coin's (docs/critics.md). Only
// proposals that ran have an outcome. What somebody outside says may come after it and is left out.
// @param campaign STRING = null   only this campaign, such as C1
// @returns one row per critic, model and version of the prompt

MATCH (critique:Critique)-[:CRITIQUES]->(p:Proposal)-[:IN*1..3]->(c:Campaign)
WHERE ($campaign IS NULL OR c.key = $campaign) AND critique.origin IS NULL
  AND p.status IN ['confirmed', 'refuted', 'indistinguishable', 'screened', 'invalid',
                   'failed']
MATCH (critique)-[:BY]->(actor:Actor)
OPTIONAL MATCH (critique)-[:USES]->(m:Model)
OPTIONAL MATCH (critique)-[:USES]->(prompt:Prompt)
WITH actor.name AS critic, m.name AS model, prompt.name AS prompt, prompt.version AS version,
     prompt.contentHash AS hash, critique.predictedProbability AS probability,
     CASE p.status WHEN 'confirmed' THEN 1.0 ELSE 0.0 END AS outcome,
     size(coalesce(critique.objections, [])) AS objected,
     size(coalesce(critique.struck, [])) AS struckHere,
     critique.verdict = 'approve' AS approves,
     p.status IN ['failed', 'invalid', 'refuted'] AS failed
WITH critic, model, prompt, version, hash, count(*) AS judged, count(probability) AS predictions,
     sum((probability - outcome) * (probability - outcome)) AS loss,
     sum(objected) AS objections,
     sum(CASE outcome WHEN 0.0 THEN objected ELSE 0 END) AS upheld, sum(struckHere) AS struck,
     sum(CASE WHEN approves THEN 1 ELSE 0 END) AS approved,
     sum(CASE WHEN approves AND failed THEN 1 ELSE 0 END) AS missed
RETURN critic, model, prompt, version, judged, predictions,
       CASE predictions WHEN 0 THEN null ELSE loss / predictions END AS brier, objections,
       CASE objections WHEN 0 THEN null ELSE toFloat(upheld) / objections END AS precision,
       struck, approved, missed,
       ((upheld + 2.0) / (objections + 4.0)) / ((loss + 1.0) / (predictions + 4.0)) AS weight
ORDER BY weight DESC, critic, model, prompt, version
