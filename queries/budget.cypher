// Where the budget went: used, still reserved and left, per resource.
//
// @param campaign STRING = null   only this campaign, such as C1
// @returns one row per campaign and resource; `left` is null where there is no budget

MATCH (charge:Charge)-[:IN*1..3]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
WITH c, charge.resource AS resource, count(*) AS charges,
     sum(coalesce(charge.spent, 0.0)) AS spent,
     sum(CASE WHEN charge.spent IS NULL THEN charge.reserved ELSE 0.0 END) AS reserved
WITH c, resource, charges, spent, reserved,
     CASE resource
       WHEN 'runs' THEN c.budgetRuns
       WHEN 'wallSeconds' THEN c.budgetWallSeconds
       WHEN 'cpuSeconds' THEN c.budgetCpuSeconds
       WHEN 'tokens' THEN c.budgetTokens
       WHEN 'money' THEN c.budgetMoney
     END AS budget
RETURN c.key AS campaign, resource, charges, spent, reserved, budget,
       budget - spent - reserved AS left
ORDER BY campaign, resource
