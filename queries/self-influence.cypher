// Where the loop works on itself: models made by its own runs that it then used.
//
// @returns each use of such a model, with the run and the proposal that the model came from

MATCH (user)-[:USES]->(m:Model)-[:MADE_FROM]->(a:Artifact)<-[:PRODUCED]-(run:Run)
MATCH (run)-[:EXECUTES]->(p:Proposal)
RETURN m.key AS model, m.name AS name, a.key AS artifact, run.key AS run, p.key AS proposal,
       labels(user)[0] AS usedByKind, user.key AS usedBy
ORDER BY id(m), id(user)
