// Where runs, time, tokens and money went, by whose proposal they were to decide about.
//
// The incumbent's share of a confirmation counts for the candidate that it was run for, a critic's
// question for the proposal that it was about.
// @param campaign STRING = null   only this campaign, such as C1
// @returns one row per campaign and proposer; what is reserved counts until it is settled

MATCH (charge:Charge)-[:IN*1..3]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
OPTIONAL MATCH (charge)-[:CHARGES]->(run:Run)-[:EXECUTES]->(executed:Proposal)
OPTIONAL MATCH (purpose:Proposal {key: run.purpose})
OPTIONAL MATCH (charge)-[:CHARGES]->(call:Call)
OPTIONAL MATCH (call)-[:PRODUCED]->(made:Proposal)
OPTIONAL MATCH (about:Proposal {key: call.about})
WITH c, charge, call, coalesce(purpose, executed, made, about) AS proposal
OPTIONAL MATCH (proposal)-[:BY]->(actor:Actor)
OPTIONAL MATCH (call)-[:BY]->(speaker:Actor)
WITH c, coalesce(actor.name, speaker.name, 'unanswered question') AS proposer, proposal,
     charge.resource AS resource, coalesce(charge.spent, charge.reserved) AS amount
RETURN c.key AS campaign, proposer, count(DISTINCT proposal) AS proposals,
       sum(CASE resource WHEN 'runs' THEN amount ELSE 0.0 END) AS runs,
       sum(CASE resource WHEN 'wallSeconds' THEN amount ELSE 0.0 END) AS wallSeconds,
       sum(CASE resource WHEN 'cpuSeconds' THEN amount ELSE 0.0 END) AS cpuSeconds,
       sum(CASE resource WHEN 'tokens' THEN amount ELSE 0.0 END) AS tokens,
       sum(CASE resource WHEN 'money' THEN amount ELSE 0.0 END) AS money
ORDER BY campaign, wallSeconds DESC, proposer
