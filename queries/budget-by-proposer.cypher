// Where runs, wall time and processor time went, by whose proposal they were to decide about.
//
// The incumbent's share of a confirmation counts for the candidate that it was run for.
// @param campaign STRING = null   only this campaign, such as C1
// @returns one row per campaign and proposer; what is reserved counts until it is settled

MATCH (charge:Charge)-[:CHARGES]->(run:Run)-[:IN*1..3]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
MATCH (run)-[:EXECUTES]->(executed:Proposal)
OPTIONAL MATCH (purpose:Proposal {key: run.purpose})
WITH c, charge, coalesce(purpose, executed) AS proposal
OPTIONAL MATCH (proposal)-[:BY]->(actor:Actor)
WITH c, actor.name AS proposer, proposal, charge.resource AS resource,
     coalesce(charge.spent, charge.reserved) AS amount
RETURN c.key AS campaign, proposer, count(DISTINCT proposal) AS proposals,
       sum(CASE resource WHEN 'runs' THEN amount ELSE 0.0 END) AS runs,
       sum(CASE resource WHEN 'wallSeconds' THEN amount ELSE 0.0 END) AS wallSeconds,
       sum(CASE resource WHEN 'cpuSeconds' THEN amount ELSE 0.0 END) AS cpuSeconds
ORDER BY campaign, wallSeconds DESC, proposer
