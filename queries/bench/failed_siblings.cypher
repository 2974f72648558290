// What critics said of the siblings whose run failed.
MATCH (p:Proposal {id: $id})-[:DERIVED_FROM]->()<-[:DERIVED_FROM]-(sibling)
WHERE sibling <> p AND EXISTS { MATCH (sibling)<-[:EXECUTES]-(:Run {status: 'failed'}) }
WITH DISTINCT sibling
MATCH (sibling)<-[:CRITIQUES]-(c:Critique)
RETURN count(c), sum(c.id)
