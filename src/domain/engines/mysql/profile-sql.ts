import type { ProfileSql } from '../profile-sql.ts';
import type { TableEstimate } from '../../figures/profile-plan.ts';
import { keyRange, wholeKey } from '../key-ranges.ts';
import { columnKind, isCountable, isWhole } from './column-kind.ts';
import { estimateStatement } from './estimate-statement.ts';
import { mysqlStatements } from './statements.ts';
import { mysqlWideSql } from './wide-sql.ts';

/** A random draw reads every row again for each column: of 20 columns and two million rows, in about 15 s. */
const largestRandomDraw = 2_000_000;

/** MySQL and MariaDB: without TABLESAMPLE, ranges of a key of whole numbers are the only draw that reads no more than it needs. */
export const mysqlProfileSql: ProfileSql = {
  kindOf: columnKind,
  isCountable,
  estimateStatement,
  readEstimate: (schema, figures) => {
    const planned = figures?.number(undefined, 'planner_rows');
    const rows: TableEstimate['rows'] =
      planned === undefined
        ? { basis: 'exact', count: figures?.count(undefined, 'rows') ?? 0 }
        : { basis: 'planner', count: planned };
    const known = figures?.groups(undefined, 'planner_distinct') ?? [];
    return {
      rows,
      distinct: new Map(known.map(({ value, count }) => [value, count])),
      keys: keyRange(
        wholeKey(schema, isWhole),
        figures?.number(undefined, 'key_least'),
        figures?.number(undefined, 'key_greatest'),
      ),
    };
  },
  // A quantile’s error is then about 0.6 % of the ranks. Of a wide table fewer, for to group and sort takes seconds.
  sampleRows: (columns) => Math.max(2_000, Math.min(30_000, Math.floor(600_000 / Math.max(1, columns)))),
  sampleMethod: (_, { keys, rows }, preview) => {
    if (keys !== undefined) return 'key ranges';
    return preview || rows.count > largestRandomDraw ? 'first rows' : 'random';
  },
  // A pass over 20 million values took 4.5 s, and MySQL uses one processor.
  largestPass: 500_000_000,
  largeDistinct: 'sample',
  statements: mysqlStatements,
  wide: mysqlWideSql,
};
