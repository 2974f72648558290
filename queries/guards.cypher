// Whether the guards held when the runner tried to break them.
//
// @returns the latest check of each guard per campaign, failures first

MATCH (g:GuardCheck)-[:IN*1..3]->(c:Campaign)
WITH c, g ORDER BY id(g) DESC
WITH c, g.guard AS guard, collect(g) AS checks
WITH c, guard, checks[0] AS latest, size(checks) AS times
RETURN c.key AS campaign, guard, latest.held AS held, latest.supported AS supported,
       latest.detail AS detail, times
ORDER BY campaign, held, guard
