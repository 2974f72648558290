// What failed from the same base as one proposal, with the reason of each.
//
// @param key STRING           the proposal, such as P42
// @param limit INTEGER = 20   how many to show
// @returns siblings that were rejected, failed, did not pass a test or were invalid, and why

MATCH (this:Proposal {key: $key})-[:BASED_ON]->(base:Proposal)<-[:BASED_ON]-(sibling:Proposal)
WHERE sibling <> this
  AND sibling.status IN ['rejected', 'screened', 'failed', 'refuted', 'invalid', 'terminated']
  AND NOT (sibling)<-[:SUPERSEDES]-(:Proposal)
OPTIONAL MATCH (critique:Critique {verdict: 'reject'})-[:CRITIQUES]->(sibling)
OPTIONAL MATCH (run:Run)-[:EXECUTES]->(sibling) WHERE run.status IN ['failed', 'killed']
OPTIONAL MATCH (eval:Eval)-[:EVALUATES]->(:Run)-[:EXECUTES]->(sibling)
WHERE eval.status = 'invalid'
OPTIONAL MATCH (comparison:Comparison)-[:COMPARES]->(sibling)
WITH base, sibling, max(comparison.reason) AS measured, min(critique.summary) AS criticism,
     min(coalesce(run.failure, 'killed: ' + run.killedBy)) AS failure,
     min(eval.failure) AS invalid
RETURN sibling.key AS proposal, sibling.title AS title, sibling.status AS status,
       sibling.changed AS changed, coalesce(invalid, failure, measured, criticism) AS reason,
       base.key AS base
ORDER BY id(sibling)
LIMIT $limit
