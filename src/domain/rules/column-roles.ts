import type { TextShape } from '../figures/text-shapes.ts';
import { personalKind } from './personal-kind.ts';
import type { OutlineColumn, TableOutline } from './rule.ts';
import type { RuleColumn, RuleTable } from './rule-table.ts';
import { isIdentifier, names, stem, wordsOf } from './words.ts';

/** Columns that measure something, so that sizes, signs and sums of them mean something. */
export const measuredColumns = (table: RuleTable): readonly RuleColumn[] =>
  table.columns.filter((column) => column.kind === 'number' && !isIdentifier(column));

/** Whether a column holds dates; a time of day, a year or an interval alone is none. */
export const isTime = ({ kind, type, base_type }: OutlineColumn): boolean =>
  kind === 'time' && !/^(time\b|timetz|interval|year)/i.test(base_type ?? type);

/** Whether a time is a day, with no time of day. */
export const isDay = ({ type, base_type }: OutlineColumn): boolean => /^date$/i.test(base_type ?? type);

/** Text columns with few values that many rows share; never names of people, whose values have no place in a report. */
export const categoryColumns = (table: RuleTable, most = 200): readonly RuleColumn[] =>
  table.columns.filter(
    (column) =>
      column.kind === 'text' &&
      personalKind(column) === undefined &&
      column.distinct !== undefined &&
      column.distinct.count >= 2 &&
      column.distinct.count <= most &&
      column.distinct.count * 5 <= table.rows.count &&
      (column.lengths === undefined || column.lengths.max <= 80) &&
      !isMostly(column, 'ip_address', 'email', 'phone', 'uuid', 'url', 'time', 'number'),
  );

/** Columns that say to whom a row belongs: identifiers and categories that many rows share, the finest first. */
export const groupColumns = (table: RuleTable): readonly RuleColumn[] =>
  table.columns
    .filter(
      ({ kind, distinct }) =>
        (kind === 'text' || kind === 'number') &&
        distinct !== undefined &&
        distinct.count >= 2 &&
        distinct.count <= 1_000 &&
        distinct.count * 20 <= table.rows.count,
    )
    .filter(
      (column) =>
        personalKind(column) === undefined &&
        (column.kind === 'text' ? !isMostly(column, 'email', 'phone', 'time') : isIdentifier(column)),
    )
    .toSorted((a, b) => (b.distinct?.count ?? 0) - (a.distinct?.count ?? 0));

/** Text columns in which people write sentences. */
export const proseColumns = (table: RuleTable): readonly RuleColumn[] =>
  table.columns.filter(
    (column) =>
      column.kind === 'text' &&
      column.lengths !== undefined &&
      column.lengths.max >= 25 &&
      !isMostly(column, 'email', 'phone', 'uuid', 'url', 'ip_address'),
  );

/** What has numbers and codes that many may have: two customers of one postal code are two customers. */
const sharedNumbers =
  'postal post postcode postalcode zip zipcode country currency area language color colour phone telephone tel mobile cell fax house street room vat'.split(
    ' ',
  );

/** Whether a column holds such numbers and codes, by its name. */
export const isSharedNumber = (column: OutlineColumn): boolean => names(column, ...sharedNumbers);

/** What tells of the keys of a table: its columns and what is declared. */
type Keyed<C extends OutlineColumn> = Pick<TableOutline, 'table' | 'constraints'> & { readonly columns: readonly C[] };

/** Columns that identify a row, if their values are as different as they seem. */
export const keyColumns = <C extends OutlineColumn>({ columns, constraints }: Keyed<C>): readonly C[] => {
  const declared = constraints.find(({ kind }) => kind === 'primary_key')?.columns ?? [];
  return columns.filter(
    (column) =>
      (declared.length === 1 && declared[0] === column.name) ||
      (isIdentifier(column) &&
        !isSharedNumber(column) &&
        (column.kind === 'number' || column.kind === 'text') &&
        (column.distinct?.share ?? 0) >= 0.9),
  );
};

/** Whether the database itself sees to it that these columns together tell rows apart. */
export const isDeclaredKey = ({ constraints }: Keyed<OutlineColumn>, columns: readonly string[]): boolean =>
  constraints.some(
    (constraint) =>
      constraint.kind !== 'foreign_key' &&
      constraint.columns.length === columns.length &&
      constraint.columns.every((name) => columns.includes(name)),
  );

/** Whether the table has a declared primary key. */
export const hasPrimaryKey = ({ constraints }: Pick<TableOutline, 'constraints'>): boolean =>
  constraints.some(({ kind }) => kind === 'primary_key');

/** The column that identifies a row best: the table’s own name in it, else the first. */
export const mainKey = <C extends OutlineColumn>(table: Keyed<C>): C | undefined => {
  const keys = keyColumns(table);
  const own = stem(wordsOf(table.table).at(-1) ?? '');
  return (
    keys.find((column) => wordsOf(column.name).length === 1 || stem(wordsOf(column.name)[0] ?? '') === own) ?? keys[0]
  );
};

/** Whether most values of a text column look like one of these. */
export const isMostly = ({ shapes }: RuleColumn, ...looked: readonly TextShape[]): boolean =>
  shapes !== undefined && looked.some((shape) => shapes[shape] >= 0.6 * Math.max(1, shapes.values));

/** A list in parts of so many. */
export const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
