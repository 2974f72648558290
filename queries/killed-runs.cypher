// Runs that did not finish: killed by a budget, crashed, or lost to the infrastructure.
//
// @param campaign STRING = null   only this campaign, such as C1
// @returns each with its cause, whose fault it was and what it had used

MATCH (run:Run)-[:EXECUTES]->(p:Proposal), (run)-[:IN*1..3]->(c:Campaign)
WHERE ($campaign IS NULL OR c.key = $campaign)
  AND run.status IN ['failed', 'killed', 'cancelled']
RETURN run.key AS run, p.key AS proposal, p.title AS title, run.kind AS kind,
       run.status AS status, run.killedBy AS killedBy, run.fault AS fault,
       run.exitCode AS exitCode, run.wallSeconds AS wallSeconds, run.failure AS failure
ORDER BY id(run)
