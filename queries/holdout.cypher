// Sealed hold-out checks: what was asked of the vault and what it answered.
//
// @returns pass or fail per proposal; the values themselves are not in the graph

MATCH (e:Eval {split: 'holdout'})-[:EVALUATES]->(r:Run)-[:EXECUTES]->(p:Proposal)
MATCH (r)-[:IN*1..3]->(c:Campaign)
WHERE e.metric = c.metric
WITH p, e ORDER BY id(e)
WITH p, collect(e) AS evals
RETURN p.key AS proposal, p.title AS title, evals[0].metric AS metric, size(evals) AS runs,
       all(e IN evals WHERE coalesce(e.sealed, false)) AS sealed, evals[0].passed AS passed,
       evals[-1].questions AS questions
ORDER BY id(p)
