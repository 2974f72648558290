// What was tried before that is most like one proposal, as briefs measure it.
//
// Exact repetitions first, then by likeness: parameters, words and changed lines count up to 1
// each, descent a little (docs/briefs.md). `duplicate` is `exact`, `near` or null.
// @param key STRING             the proposal, such as P42
// @param limit INTEGER = 10     how many to show
// @returns the earlier proposals with likeness, what differs, what became of them and the effect

CALL stemma.triedBefore($key, $limit) YIELD proposal, score, duplicate, record
RETURN proposal, record.title AS title, round(score * 1000) / 1000 AS likeness, duplicate,
       record.differs AS differing, record.status AS status, record.outcome.key AS comparison,
       record.outcome.effect AS effect
