import { isIdentifier } from '../rules/words.ts';
import type { DriftChange } from '../../contracts/drift.ts';
import type { ColumnProfile, Measure, TableProfile } from '../../contracts/profile.ts';
import { minus, readDecimal, writeDecimal } from '../figures/decimal.ts';

/** Smaller movements of a null share than this are everyday noise. */
const nullShareMoved = 0.05;
/** A mean that moved by more than one deviation of the earlier values is another population. */
const deviationsMoved = 1;
/** Columns with more distinct values than this are no categories; new values in them mean nothing. */
const maxCategories = 50;

/** A change before it is said of which database. */
export type TableChange = Omit<DriftChange, 'source'>;

/** How many rows a table has, in words. */
export const rowsText = ({ rows: { count } }: TableProfile): string =>
  count === 1 ? '1 row' : `${count.toLocaleString('en-US')} rows`;

/** What is different in the later of two profiles of one table. */
export const compareTables = (was: TableProfile, is: TableProfile): readonly TableChange[] => {
  const { table } = is;
  const old = new Map(was.columns.map((column) => [column.name, column]));
  const now = new Set(is.columns.map(({ name }) => name));
  return [
    ...(was.rows.count === is.rows.count
      ? []
      : [{ kind: 'rows_changed', table, before: rowsText(was), after: rowsText(is) } as const]),
    ...was.columns
      .filter(({ name }) => !now.has(name))
      .map(({ name, type }) => ({ kind: 'column_removed', table, column: name, before: type }) as const),
    ...is.columns.flatMap((column): readonly TableChange[] => {
      const earlier = old.get(column.name);
      return earlier === undefined
        ? [{ kind: 'column_added', table, column: column.name, after: column.type }]
        : compareColumns(table, earlier, column, isMeasure(is, column));
    }),
  ];
};

/** Whether an average of a column says something: of identifiers, keys and what points at them it does not. */
const isMeasure = ({ schema }: TableProfile, column: ColumnProfile): boolean =>
  !isIdentifier(column) && !schema.constraints.some(({ columns }) => columns.includes(column.name));

const compareColumns = (
  table: string,
  was: ColumnProfile,
  is: ColumnProfile,
  hasMean: boolean,
): readonly TableChange[] => {
  const at = { table, column: is.name };
  if (was.type !== is.type) return [{ kind: 'type_changed', ...at, before: was.type, after: is.type }];
  const changes: TableChange[] = [];
  if (Math.abs(was.nulls.share - is.nulls.share) >= nullShareMoved) {
    changes.push({ kind: 'nulls_changed', ...at, before: percent(was.nulls.share), after: percent(is.nulls.share) });
  }
  if (hasMean && was.moments !== undefined && is.moments !== undefined) {
    const moved = Math.abs(differenceOf(is.moments.mean, was.moments.mean));
    if (moved > 0 && moved > deviationsMoved * was.moments.deviation) {
      changes.push({
        kind: 'mean_shifted',
        ...at,
        before: roundedTo(moved, was.moments.mean),
        after: roundedTo(moved, is.moments.mean),
      });
    }
  }
  const fresh = newCategories(was, is);
  if (fresh.length > 0) changes.push({ kind: 'values_new', ...at, after: fresh.join(', ') });
  return changes;
};

/** How far one mean lies above another, where both have more digits than a double, too. */
const differenceOf = (a: Measure, b: Measure): number => {
  const [x, y] = [readDecimal(String(a)), readDecimal(String(b))];
  return x === undefined || y === undefined ? Number(a) - Number(b) : Number(writeDecimal(minus(x, y)));
};

/** A number with two digits more than a movement of it has in front: what comes behind says nothing. */
const roundedTo = (moved: number, value: Measure): string =>
  typeof value === 'string'
    ? value
    : String(Number(value.toFixed(Math.min(15, Math.max(0, 2 - Math.floor(Math.log10(moved)))))));

/** Values among the most frequent ones that the earlier profile did not have, where both list every value there is. */
const newCategories = (was: ColumnProfile, is: ColumnProfile): readonly string[] => {
  const known = was.top_values?.values.map(({ value }) => String(value));
  if (
    known === undefined ||
    is.top_values === undefined ||
    (was.distinct?.count ?? Infinity) > Math.min(maxCategories, known.length)
  )
    return [];
  return is.top_values.values.map(({ value }) => String(value)).filter((value) => !known.includes(value));
};

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
