// The best eval and the primary line of its proposal.
MATCH (e:Eval {metric: $metric, benchmark: $benchmark})-[:EVALUATES]->(:Run)-[:EXECUTES]->(p:Proposal)
WITH e, p ORDER BY e.value DESC, e.id LIMIT 1
MATCH (p)-[:DERIVED_FROM*0.. {role: 0}]->(ancestor)
RETURN e.id, count(DISTINCT ancestor), sum(DISTINCT ancestor.id)
