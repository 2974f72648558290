// All measurements of one proposal: runs, seeds, values.
//
// @param key STRING   the proposal, such as P42
// @param standing STRING(attested|claimed) = null   attested: only what our runner measured and signed
// @returns one row per eval, in the order they were made

MATCH (r:Run)-[:EXECUTES]->(p:Proposal {key: $key})
OPTIONAL MATCH (e:Eval)-[:EVALUATES]->(r)
WHERE $standing IS NULL OR e.standing = $standing
RETURN r.key AS run, r.kind AS kind, r.seed AS seed, r.pair AS pair,
       r.status AS status, e.key AS eval, e.metric AS metric, e.split AS split,
       e.value AS value, e.status AS valid, e.standing AS standing
ORDER BY id(r), id(e)
