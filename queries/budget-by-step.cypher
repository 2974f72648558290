// Where runs, wall time and processor time went, by kind of run.
//
// @param campaign STRING = null   only this campaign, such as C1
// @returns one row per campaign and kind; what is reserved counts until it is settled

MATCH (charge:Charge)-[:CHARGES]->(run:Run)-[:IN*1..3]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
WITH c, run.kind AS step, charge.resource AS resource,
     coalesce(charge.spent, charge.reserved) AS amount
RETURN c.key AS campaign, step,
       sum(CASE resource WHEN 'runs' THEN amount ELSE 0.0 END) AS runs,
       sum(CASE resource WHEN 'wallSeconds' THEN amount ELSE 0.0 END) AS wallSeconds,
       sum(CASE resource WHEN 'cpuSeconds' THEN amount ELSE 0.0 END) AS cpuSeconds
ORDER BY campaign, wallSeconds DESC, step
