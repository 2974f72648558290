// Everything that a proposal descends from.
MATCH (:Proposal {id: $id})-[:DERIVED_FROM*]->(ancestor)
WITH DISTINCT ancestor
RETURN count(ancestor), sum(ancestor.id)
