// What descended from a proposal by a moment: the predicate holds at every step of the path.
MATCH (:Proposal {id: $id}) ((older)<-[:DERIVED_FROM]-(newer) WHERE newer.created <= $t)+ (descendant)
WITH DISTINCT descendant
RETURN count(descendant), sum(descendant.id)
