// How proposals ended: one row per outcome.
//
// @param campaign STRING = null   only this campaign, such as C1
// @returns counts, most frequent first

MATCH (p:Proposal)-[:IN*1..3]->(c:Campaign)
WHERE ($campaign IS NULL OR c.key = $campaign) AND p.kind <> 'baseline'
RETURN p.status AS outcome, count(*) AS proposals
ORDER BY proposals DESC, outcome
