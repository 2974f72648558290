// The mean of a metric per campaign.
MATCH (e:Eval {metric: $metric})-[:EVALUATES]->(:Run)-[:EXECUTES]->(p:Proposal)
WITH p.campaign AS campaign, count(*) AS evals, avg(e.value) AS mean
RETURN count(campaign), sum(evals), sum(mean)
