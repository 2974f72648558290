// Runs that did not finish: killed by a budget, crashed, or lost to the infrastructure.
//
// @param campaign STRING = null   only this campaign, such as C1
// @returns each with its cause, whose fault it was and what it had used

MATCH (r:Run)-[:EXECUTES]->(p:Proposal), (r)-[:IN*1..3]->(c:Campaign)
WHERE ($campaign IS NULL OR c.key = $campaign)
  AND r.status IN ['failed', 'killed', 'cancelled']
RETURN r.key AS run, p.key AS proposal, p.title AS title, r.kind AS kind,
       r.status AS status, r.killedBy AS killedBy, r.fault AS fault,
       r.exitCode AS exitCode, r.wallSeconds AS wallSeconds, r.failure AS failure
ORDER BY id(r)
