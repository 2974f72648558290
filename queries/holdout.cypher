// Sealed hold-out checks: what was asked of the vault and what it answered.
//
// @returns pass or fail per eval; the values themselves are not in the graph

MATCH (e:Eval {split: 'holdout'})-[:EVALUATES]->(r:Run)-[:EXECUTES]->(p:Proposal)
RETURN e.key AS eval, p.key AS proposal, p.title AS title, e.metric AS metric,
       e.sealed AS sealed, e.passed AS passed, e.questions AS questions,
       e.status AS status
ORDER BY id(e)
