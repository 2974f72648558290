// What each round did: proposals, rejections, runs, confirmations and time.
//
// @param campaign STRING = null   only this campaign, such as C1
// @returns one row per round

MATCH (round:Round)-[:IN]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
OPTIONAL MATCH (p:Proposal)-[:IN]->(round) WHERE p.kind <> 'baseline'
WITH c, round, count(p) AS proposals,
     sum(CASE p.status WHEN 'rejected' THEN 1 ELSE 0 END) AS rejected,
     sum(CASE p.status WHEN 'confirmed' THEN 1 ELSE 0 END) AS confirmed
OPTIONAL MATCH (run:Run)-[:IN]->(round)
RETURN c.key AS campaign, round.number AS round, proposals, rejected, confirmed,
       count(run) AS runs, sum(run.wallSeconds) AS runSeconds, round.status AS status
ORDER BY campaign, round
