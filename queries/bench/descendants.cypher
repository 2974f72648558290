// Everything that descends from a proposal.
MATCH (:Proposal {id: $id})<-[:DERIVED_FROM*]-(descendant)
WITH DISTINCT descendant
RETURN count(descendant), sum(descendant.id)
