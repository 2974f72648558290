// The fewest steps from one proposal back to another.
MATCH (a:Proposal {id: $src}), (b:Proposal {id: $dst}), path = shortestPath((a)-[:DERIVED_FROM*]->(b))
RETURN length(path)
