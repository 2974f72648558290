// One experiment in one durable transaction.
MATCH (parent:Proposal {id: $parent})
CREATE (p:Proposal {id: $id, campaign: $campaign, created: $created, author_kind: $author, text: $text,
                    lr: $lr, batch: $batch, width: $width, depth: $depth, dropout: $dropout}),
       (p)-[:DERIVED_FROM {role: 0}]->(parent),
       (:Critique {id: $c1, verdict: $v1, score: $s1, created: $created, text: 'short critique'})-[:CRITIQUES]->(p),
       (:Critique {id: $c2, verdict: $v2, score: $s2, created: $created, text: 'short critique'})-[:CRITIQUES]->(p),
       (r:Run {id: $run, status: $status, seed: $seed, gpu_seconds: $gpu,
               start_at: $created, end_at: $created})-[:EXECUTES]->(p),
       (:Eval {id: $e1, metric: $m1, value: $x1, benchmark: $b1, created: $created})-[:EVALUATES]->(r),
       (:Eval {id: $e2, metric: $m2, value: $x2, benchmark: $b2, created: $created})-[:EVALUATES]->(r)
