import type { ProfileSql } from '../profile-sql.ts';
import { columnKind, isCountable } from './column-kind.ts';
import { estimateStatement, readEstimate } from './estimate-statement.ts';
import { sqliteStatements } from './statements.ts';
import { sqliteWideSql } from './wide-sql.ts';

/** SQLite: every value has a type of its own, there are neither quantiles nor deviations, and what it sorts is in memory. */
export const sqliteProfileSql: ProfileSql = {
  kindOf: columnKind,
  isCountable,
  estimateStatement,
  readEstimate,
  // A quantile’s error is then about 0.45 % of the ranks. Of a wide table fewer, for to group and sort takes seconds.
  sampleRows: (columns) => Math.max(5_000, Math.min(50_000, Math.floor(1_500_000 / Math.max(1, columns)))),
  // A random draw reads all rows, as the pass does; where there is none, because that would take too long, only ranges do not.
  sampleMethod: (_, { keys }, preview) => {
    if (!preview) return 'random';
    return keys === undefined ? 'first rows' : 'key ranges';
  },
  largestPass: 500_000_000,
  largeDistinct: 'sample',
  statements: sqliteStatements,
  wide: sqliteWideSql,
};
