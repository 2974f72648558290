// Proposals that are the same change as another, or that a detector holds for a repetition.
//
// @param campaign STRING = null   only this campaign, such as C1
// @returns pairs with the kind of likeness, its score and who found it

MATCH (later:Proposal)-[found:DUPLICATES]->(earlier:Proposal)
MATCH (later)-[:IN*1..3]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
RETURN later.key AS proposal, earlier.key AS repeats, found.kind AS kind, found.score AS score,
       found.differing AS differing, later.status AS status, earlier.status AS earlierStatus,
       found.detector AS detector
ORDER BY id(later), id(earlier)
