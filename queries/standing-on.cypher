// What stands on a record: everything that would be in doubt if it were withdrawn.
//
// @param key STRING            the record, such as E17
// @param limit INTEGER = 100   how many to show
// @returns the records that were made from it, directly or through others, by kind

MATCH (this {key: $key})
MATCH (this)<-[:EVALUATES|EXECUTES|CANDIDATE|BASELINE|COMPARES|SUPPORTS|REPORTS|BASED_ON
               |MADE_FROM|USES*1..12]-(dependent)
WITH DISTINCT dependent
RETURN labels(dependent)[0] AS kind, dependent.key AS record,
       coalesce(dependent.title, dependent.statement, dependent.name, dependent.status) AS about
ORDER BY kind, id(dependent)
LIMIT $limit
