// How often a critic's objections came true among proposals that ran all the same.
//
// An objection is upheld when the proposal did not end as confirmed.
// @returns one row per critic and kind of objection

MATCH (critique:Critique)-[:CRITIQUES]->(p:Proposal)
WHERE p.status IN ['confirmed', 'refuted', 'indistinguishable', 'screened', 'invalid',
                   'failed']
  AND size(coalesce(critique.objectionKinds, [])) > 0
MATCH (critique)-[:BY]->(actor:Actor)
UNWIND critique.objectionKinds AS kind
RETURN actor.name AS critic, kind, count(*) AS objections,
       sum(CASE p.status WHEN 'confirmed' THEN 0 ELSE 1 END) AS upheld
ORDER BY critic, kind
