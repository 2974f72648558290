// Where runs, time, tokens and money went, by kind of run and by whose question to a model.
//
// @param campaign STRING = null   only this campaign, such as C1
// @returns one row per campaign and step; what is reserved counts until it is settled

MATCH (charge:Charge)-[:IN*1..3]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
OPTIONAL MATCH (charge)-[:CHARGES]->(run:Run)
OPTIONAL MATCH (charge)-[:CHARGES]->(call:Call)
WITH c, coalesce(run.kind, call.role, 'unanswered question') AS step,
     charge.resource AS resource, coalesce(charge.spent, charge.reserved) AS amount
RETURN c.key AS campaign, step,
       sum(CASE resource WHEN 'runs' THEN amount ELSE 0.0 END) AS runs,
       sum(CASE resource WHEN 'wallSeconds' THEN amount ELSE 0.0 END) AS wallSeconds,
       sum(CASE resource WHEN 'cpuSeconds' THEN amount ELSE 0.0 END) AS cpuSeconds,
       sum(CASE resource WHEN 'tokens' THEN amount ELSE 0.0 END) AS tokens,
       sum(CASE resource WHEN 'money' THEN amount ELSE 0.0 END) AS money
ORDER BY campaign, wallSeconds DESC, step
