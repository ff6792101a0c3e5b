import type { TableSchema } from '../../../contracts/schema.ts';
import { tableNameParts } from '../../sql-name.ts';
import { mysqlNames } from './names.ts';
import { largestWholeTable } from '../../figures/figure-limits.ts';
import { wholeKey } from '../key-ranges.ts';
import { isWhole } from './column-kind.ts';

const { quoteName, quoteTable, quoteText } = mysqlNames;

/**
 * Asks how many rows a table has, between which numbers its key lies, and how many distinct values the indexes know of.
 * InnoDB’s estimate of rows may be wrong by half, so it counts where there may be few: a count that stops at 200,001 rows
 * decides between whole and sample, and of views all rows are counted.
 */
export const estimateStatement = (schema: TableSchema): string => {
  const table = quoteTable(schema.name);
  const key = wholeKey(schema, isWhole);
  const parts = tableNameParts(schema.name);
  const ofTable = `TABLE_SCHEMA = ${parts.length > 1 ? quoteText(parts[0] ?? '') : 'DATABASE()'} AND TABLE_NAME = ${quoteText(parts.at(-1) ?? '')}`;
  const estimate = `(SELECT MAX(TABLE_ROWS) FROM information_schema.TABLES WHERE ${ofTable})`;
  const beginning = `(SELECT COUNT(*) FROM (SELECT 1 FROM ${table} LIMIT ${largestWholeTable + 1}) AS few)`;
  return [
    `SELECT IF(few.n > ${largestWholeTable} AND estimate.n > ${largestWholeTable}, 'planner_rows', 'rows') AS name,
  CASE
    WHEN few.n <= ${largestWholeTable} THEN few.n
    WHEN estimate.n > ${largestWholeTable} THEN estimate.n
    ELSE (SELECT COUNT(*) FROM ${table})
  END AS value,
  NULL AS count
FROM (SELECT ${beginning} AS n) AS few, (SELECT ${estimate} AS n) AS estimate`,
    ...(key === undefined
      ? []
      : [
          `SELECT 'key_least', CAST(MIN(${quoteName(key)}) AS CHAR), NULL FROM ${table}`,
          `SELECT 'key_greatest', CAST(MAX(${quoteName(key)}) AS CHAR), NULL FROM ${table}`,
        ]),
    `SELECT 'planner_distinct', CONVERT(COLUMN_NAME USING utf8mb4) COLLATE utf8mb4_bin, MAX(CARDINALITY)
FROM information_schema.STATISTICS
WHERE ${ofTable} AND SEQ_IN_INDEX = 1 AND SUB_PART IS NULL AND CARDINALITY > 0
GROUP BY COLUMN_NAME`,
  ].join('\nUNION ALL\n');
};
