// The descent of the best confirmed proposal, from the baseline on.
//
// @param campaign STRING = null   only this campaign, such as C1
// @param standing STRING(attested|claimed) = null   attested: best by evals that our runner measured and signed
// @returns one row per step: what was changed, the effect that was confirmed, and against what

MATCH (best:Proposal {status: 'confirmed'})-[:IN*1..3]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
MATCH (best)<-[:EXECUTES]-(run:Run)<-[:EVALUATES]-(eval:Eval {split: 'validation', status: 'valid'})
WHERE eval.metric = c.metric AND ($standing IS NULL OR eval.standing = $standing)
WITH c, best, avg(CASE c.direction WHEN 'minimise' THEN eval.value ELSE -eval.value END) AS loss
ORDER BY loss, id(best)
LIMIT 1
MATCH path = (best)-[:BASED_ON*0..]->(root:Proposal)
WHERE NOT (root)-[:BASED_ON]->(:Proposal)
WITH nodes(path) AS steps
UNWIND range(0, size(steps) - 1) AS distance
WITH size(steps) - 1 - distance AS step, steps[distance] AS p
OPTIONAL MATCH (comparison:Comparison {stage: 'confirm', verdict: 'better'})-[:COMPARES]->(p)
OPTIONAL MATCH (comparison)-[:AGAINST]->(rival:Proposal)
RETURN step, p.key AS proposal, p.title AS title, p.changed AS changed,
       comparison.key AS comparison, comparison.effect AS effect,
       comparison.lower AS lower, comparison.upper AS upper, rival.key AS against
ORDER BY step, comparison
