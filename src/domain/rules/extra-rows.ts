import type { RuleColumn, RuleTable } from './rule-table.ts';

/** Columns as a list to group by, values the same only to the last character. */
export const exactList = ({ sql }: RuleTable, columns: readonly RuleColumn[]): string =>
  columns.map(sql.exactly).join(', ');

/**
 * Rows beyond the first of their kind. `kind` and `each` are lists of what SQL may compare; with `each`, one row stands for
 * all that are equal in it too.
 */
export const extraRows = (
  { from }: RuleTable,
  { kind, each, where }: { readonly kind: string; readonly each?: string; readonly where?: string },
): string => {
  const condition = where === undefined ? '' : ` where ${where}`;
  return each === undefined
    ? `select * from (select t.*, row_number() over (partition by ${kind} order by ${kind}) as surveyor_copy from ${from} t${condition}) numbered where surveyor_copy > 1`
    : `select * from (select t.*, dense_rank() over (partition by ${kind} order by ${each}) as surveyor_variant, row_number() over (partition by ${kind}, ${each} order by ${each}) as surveyor_copy from ${from} t${condition}) numbered where surveyor_variant > 1 and surveyor_copy = 1`;
};
