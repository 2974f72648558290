// What was tried before that is most like one proposal, failures first among equals.
//
// Likeness is the share of `name=value` assignments that both have (Jaccard); 1 is the same change.
// @param key STRING             the proposal, such as P42
// @param limit INTEGER = 10     how many to show
// @returns the earlier proposals with likeness, what differs, what became of them and the effect

MATCH (this:Proposal {key: $key})
MATCH (other:Proposal)
WHERE other <> this AND other.kind <> 'baseline'
WITH this, other,
     coalesce(this.assignments, []) AS mine,
     coalesce(other.assignments, []) AS theirs
WITH this, other, mine, theirs, size([a IN theirs WHERE a IN mine]) AS shared
WITH this, other,
     [a IN theirs WHERE NOT a IN mine] AS differing,
     CASE
       WHEN this.changeHash = other.changeHash THEN 1.0
       WHEN size(mine) + size(theirs) = 0 THEN 0.0
       ELSE toFloat(shared) / (size(mine) + size(theirs) - shared)
     END AS likeness
ORDER BY likeness DESC, CASE WHEN other.status = 'confirmed' THEN 1 ELSE 0 END, id(other)
LIMIT $limit
OPTIONAL MATCH (comparison:Comparison {stage: 'confirm'})-[:COMPARES]->(other)
RETURN other.key AS proposal, other.title AS title, round(likeness * 1000) / 1000 AS likeness,
       differing, other.status AS status, comparison.key AS comparison,
       comparison.effect AS effect
ORDER BY likeness DESC, CASE WHEN status = 'confirmed' THEN 1 ELSE 0 END, proposal, comparison
