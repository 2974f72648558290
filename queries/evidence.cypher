// All measurements of one proposal: runs, seeds, values.
//
// @param key STRING   the proposal, such as P42
// @returns one row per eval, in the order they were made

MATCH (run:Run)-[:EXECUTES]->(p:Proposal {key: $key})
OPTIONAL MATCH (eval:Eval)-[:EVALUATES]->(run)
RETURN run.key AS run, run.kind AS kind, run.seed AS seed, run.pair AS pair,
       run.status AS status, eval.key AS eval, eval.metric AS metric, eval.split AS split,
       eval.value AS value, eval.status AS valid, eval.standing AS standing
ORDER BY id(run), id(eval)
