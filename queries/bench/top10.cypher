// The ten best values of a metric on a benchmark among cheap runs.
MATCH (e:Eval {metric: $metric, benchmark: $benchmark})-[:EVALUATES]->(r:Run)
WHERE r.gpu_seconds < $gpu_max
RETURN e.id
ORDER BY e.value DESC, e.id
LIMIT 10
