// Proposals that no other beats in both the metric and the time of a run (the Pareto front).
//
// @param campaign STRING = null   only this campaign, such as C1
// @param standing STRING(attested|claimed) = null   attested: only by evals that our runner measured and signed
// @returns the undominated proposals with mean metric, mean seconds and number of runs

MATCH (p:Proposal)-[:IN*1..3]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
MATCH (p)<-[:EXECUTES]-(run:Run {status: 'finished'})<-[:EVALUATES]-(eval:Eval)
WHERE eval.metric = c.metric AND eval.split = 'validation' AND eval.status = 'valid'
  AND ($standing IS NULL OR eval.standing = $standing)
WITH c, p, avg(eval.value) AS value, avg(run.wallSeconds) AS seconds, count(eval) AS runs
WITH c, collect({key: p.key, title: p.title, status: p.status, value: value, seconds: seconds,
                 runs: runs, loss: CASE c.direction WHEN 'minimise' THEN value ELSE -value END})
     AS tried
UNWIND tried AS this
WITH this, tried
WHERE none(other IN tried WHERE other.loss <= this.loss AND other.seconds <= this.seconds
           AND (other.loss < this.loss OR other.seconds < this.seconds))
RETURN this.key AS proposal, this.title AS title, this.value AS value, this.seconds AS seconds,
       this.runs AS runs, this.status AS status
ORDER BY this.loss, this.seconds, proposal
