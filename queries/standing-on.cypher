// What stands on a record: everything that would be in doubt if it were withdrawn.
//
// @param key STRING            the record, such as E17
// @param limit INTEGER = 100   how many to show
// @returns the records that were made from it, directly or through others, by kind

MATCH (this {key: $key})
MATCH (this)<-[:EVALUATES|EXECUTES|CANDIDATE|BASELINE|COMPARES|REPORTS|CITES|BASED_ON|MADE_FROM
               |USES*0..12]-(step)
WITH DISTINCT this, step
OPTIONAL MATCH (step)-[:SUPPORTS]->(finding:Finding)
WITH this, collect(step) + collect(DISTINCT finding) AS dependents
UNWIND dependents AS dependent
WITH DISTINCT this, dependent
WHERE dependent <> this
RETURN labels(dependent)[0] AS kind, dependent.key AS record,
       coalesce(dependent.title, dependent.statement, dependent.name, dependent.status) AS about
ORDER BY kind, id(dependent)
LIMIT $limit
