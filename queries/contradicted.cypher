// Findings that something speaks against: refuted, withdrawn, or standing on withdrawn evidence.
//
// @returns each finding with how many records support it and which ones speak against it

MATCH (f:Finding)
OPTIONAL MATCH (f)<-[:SUPPORTS]-(support)
WITH f, count(DISTINCT support) AS supports
OPTIONAL MATCH (f)<-[:SUPPORTS]-(fallen)<-[:RETRACTS]-(:Decision)
WITH f, supports, collect(DISTINCT fallen.key) AS withdrawnSupport
OPTIONAL MATCH (f)<-[:REFUTES]-(against)
WITH f, supports, withdrawnSupport, collect(DISTINCT against.key) AS refutedBy
OPTIONAL MATCH (f)<-[:RETRACTS]-(d:Decision)
WITH f, supports, withdrawnSupport, refutedBy, collect(DISTINCT d.key) AS retractedBy
WHERE size(refutedBy) + size(retractedBy) + size(withdrawnSupport) > 0
RETURN f.key AS finding, f.statement AS statement, supports, refutedBy, withdrawnSupport,
       retractedBy,
       CASE
         WHEN size(retractedBy) > 0 THEN 'retracted'
         WHEN supports = size(withdrawnSupport) THEN 'unsupported'
         ELSE 'weakened'
       END AS standing
ORDER BY id(f)
