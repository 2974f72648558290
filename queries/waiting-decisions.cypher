// What waits for a person: pending decisions, oldest first.
//
// @returns the gate, the record to decide about, why it is asked and until when

MATCH (d:Decision {action: 'pending'})-[:DECIDES]->(subject)
RETURN d.key AS decision, d.gate AS gate, subject.key AS subject, labels(subject)[0] AS kind,
       coalesce(subject.title, subject.summary, subject.reason) AS about, d.asked AS asked,
       d.expiresAt AS expiresAt
ORDER BY id(d)
