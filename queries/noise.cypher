// The noise floor: how far apart results lie that differ only in what is declared to vary.
//
// @param campaign STRING = null   only this campaign, such as C1
// @returns each measurement, newest first, and the smallest effect that a screen passes

MATCH (n:Noise)-[:MEASURED_ON]->(p:Proposal), (n)-[:IN*1..3]->(c:Campaign)
WHERE $campaign IS NULL OR c.key = $campaign
RETURN n.key AS noise, c.key AS campaign, p.key AS incumbent, n.metric AS metric, n.mean AS mean,
       n.sigma AS sigma, n.runs AS runs, n.itemSigma AS itemSigma, n.clusters AS clusters,
       n.screenThreshold AS screenThreshold
ORDER BY id(n) DESC
