import type { ColumnProfile, RunProfile, ShownValue, TableProfile } from '../../contracts/profile.ts';
import { maskPersonal } from './mask-personal.ts';
import { maskOf, type PersonalColumns } from './personal-columns.ts';

/** The profile without the values of columns with personal data, and without such data among other texts. */
export const maskProfile = ({ databases }: RunProfile, personal: PersonalColumns): RunProfile => ({
  databases: databases.map((database) => ({
    ...database,
    tables: database.tables.map((table) => maskTable(database.source, table, personal)),
  })),
});

/** The same of one table. */
export const maskTable = (source: string, table: TableProfile, personal: PersonalColumns): TableProfile => ({
  ...table,
  columns: table.columns.map((column) => {
    const kind = personal.kindOf(source, table.table, column.name);
    return kind === undefined ? maskTexts(column) : maskColumn(column, maskOf(kind));
  }),
});

/**
 * How many and how long the values are, and of which form, but none of them. Means, quantiles, fences and the newest go
 * altogether: in a table of one row each is the value.
 */
const maskColumn = (column: ColumnProfile, mask: string): ColumnProfile => {
  const { moments: _, quantiles: _1, outliers: _2, freshness: _3, range, top_values: top, histogram, ...kept } = column;
  return {
    ...kept,
    ...(range === undefined ? {} : { range: { ...range, min: mask, max: mask } }),
    ...(top === undefined
      ? {}
      : { top_values: { ...top, values: top.values.map(({ count }) => ({ value: mask, count })) } }),
    ...(histogram === undefined
      ? {}
      : { histogram: { ...histogram, bins: histogram.bins.map(({ count }) => ({ from: mask, to: mask, count })) } }),
  };
};

/** Numbers and times of other columns are no one's address; only texts are looked at. */
const maskTexts = (column: ColumnProfile): ColumnProfile => {
  if (column.kind !== 'text') return column;
  const { range, top_values: top } = column;
  return {
    ...column,
    ...(range === undefined ? {} : { range: { ...range, min: maskText(range.min), max: maskText(range.max) } }),
    ...(top === undefined
      ? {}
      : { top_values: { ...top, values: top.values.map(({ value, count }) => ({ value: maskText(value), count })) } }),
  };
};

const maskText = (value: ShownValue): ShownValue => (typeof value === 'string' ? maskPersonal(value) : value);
