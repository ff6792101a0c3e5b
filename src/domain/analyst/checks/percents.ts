import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { type Check, countOf, num, verb } from '../finding.ts';
import type { CheckSql } from '../../engines/check-sql.ts';
import { isOrdinary } from '../sql.ts';
import { isIdentifier, wordsOf } from '../words.ts';

/** Counts percentages below 0 and above 100. */
export const percentChecks = (table: DigestTable, sql: CheckSql): readonly Check[] => {
  const columns = table.columns.filter(
    (column) => isPercent(column) && (Number(column.range?.min ?? 0) < 0 || Number(column.range?.max ?? 0) > 100),
  );
  return columns.map((column) => {
    const where = `${isOrdinary(sql, column)} and ${sql.asNumber(column)} not between 0 and 100`;
    const statement = `select count(*) as n from ${sql.table(table.table)} where ${where}`;
    return {
      about: `${table.table}: percentages outside 0 to 100`,
      sql: statement,
      read: (rows, evidence) => {
        const n = num(rows[0]?.['n']);
        if (n === 0 || n > 0.2 * table.rows.count) return {};
        return {
          findings: [
            {
              severity: 'medium',
              table: table.table,
              column: column.name,
              kind: 'percent',
              title: `${column.name} is outside 0 to 100`,
              detail: `${countOf(n, 'row')} ${verb(n, 'holds', 'hold')} a percentage that cannot be; the profile’s extremes are ${column.range?.min} and ${column.range?.max}.`,
              advice: 'Reject such values when loading.',
              rows: n,
              of: table.rows.count,
              evidence: [evidence],
              check: statement,
            },
          ],
        };
      },
    };
  });
};

/** Whether a column is measured in percent, by its name. */
const isPercent = (column: DigestColumn): boolean =>
  column.kind === 'number' &&
  !isIdentifier(column) &&
  wordsOf(column.name).some((word) => ['pct', 'percent', 'percentage', 'humidity'].includes(word));
