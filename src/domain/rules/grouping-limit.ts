import { formatCount, formatCountOf } from '../format.ts';
import type { Threshold, Verdict } from './rule-card.ts';
import type { RuleTable } from './rule-table.ts';

/** Up to what size a table is grouped by all its columns. */
export const groupingThresholds = {
  maxRows: { value: 5_000_000, unit: 'rows', why: 'Beyond, grouping by all columns takes longer than it tells.' },
  maxCells: { value: 500_000_000, unit: 'rows × columns', why: 'The same for wide tables.' },
} as const satisfies Readonly<Record<string, Threshold>>;

/** Whether a table is too large to be grouped by all its columns. */
export const isTooLargeToGroup = ({ rows, columns }: RuleTable): boolean =>
  rows.count > groupingThresholds.maxRows.value || rows.count * columns.length > groupingThresholds.maxCells.value;

/** What a rule says that does not look at so large a table; nothing where it is not too large. */
export const unlessTooLarge = (table: RuleTable, what: string): Verdict =>
  isTooLargeToGroup(table)
    ? {
        not_looked_at: [
          {
            reason: 'too_large',
            detail: `${table.table} has ${formatCountOf(table.rows.count, 'row')} of ${formatCountOf(table.columns.length, 'column')}; ${what} are sought in up to ${formatCount(groupingThresholds.maxRows.value)} rows or ${formatCount(groupingThresholds.maxCells.value)} values.`,
          },
        ],
      }
    : {};
