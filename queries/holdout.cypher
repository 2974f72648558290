// Sealed hold-out checks: what was asked of the vault and what it answered.
//
// @returns pass or fail per eval; the values themselves are not in the graph

MATCH (eval:Eval {split: 'holdout'})-[:EVALUATES]->(run:Run)-[:EXECUTES]->(p:Proposal)
RETURN eval.key AS eval, p.key AS proposal, p.title AS title, eval.metric AS metric,
       eval.sealed AS sealed, eval.passed AS passed, eval.questions AS questions,
       eval.status AS status
ORDER BY id(eval)
