// What the calls cost: per model or built-in, calls, failures, tokens, money and waiting.
//
// @param campaign STRING = null   only this campaign, such as C1
// @returns one row per model and role

MATCH (call:Call)-[:IN*1..3]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
OPTIONAL MATCH (call)-[:USES]->(m:Model)
WITH call, CASE call.provider WHEN 'unknown' THEN 'unknown'
                              ELSE coalesce(m.name, call.model, call.provider) END AS model
RETURN model, call.role AS role, count(*) AS calls,
       sum(CASE call.status WHEN 'answered' THEN 0 ELSE 1 END) AS failed,
       sum(call.inputTokens) AS inputTokens, sum(call.outputTokens) AS outputTokens,
       sum(call.money) AS money, avg(call.latencyMilliseconds) AS meanMilliseconds
ORDER BY model, role
