import type { DigestColumn, DigestTable } from '../profile-digest.ts';
import { personalKind } from './personal-kind.ts';
import { isIdentifier, names, stem, wordsOf } from './words.ts';

/** Columns that measure something, so that sizes, signs and sums of them mean something. */
export const measuredColumns = (table: DigestTable): readonly DigestColumn[] =>
  table.columns.filter((column) => column.kind === 'number' && !isIdentifier(column));

/** Columns with a date in them; a time of day, a year or an interval alone is not one. */
export const timeColumns = (table: DigestTable): readonly DigestColumn[] =>
  table.columns.filter(
    (column) => column.kind === 'time' && !/^(time\b|timetz|interval|year)/i.test(column.base_type ?? column.type),
  );

/** Whether a time is a day, with no time of day. */
export const isDay = (column: DigestColumn): boolean => /^date$/i.test(column.base_type ?? column.type);

/** Text columns with few values that many rows share; never names of people, whose values have no place in a report. */
export const categoryColumns = (table: DigestTable, most = 200): readonly DigestColumn[] =>
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
export const groupColumns = (table: DigestTable): readonly DigestColumn[] =>
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
export const proseColumns = (table: DigestTable): readonly DigestColumn[] =>
  table.columns.filter(
    (column) =>
      column.kind === 'text' &&
      column.lengths !== undefined &&
      column.lengths.max >= 25 &&
      !isMostly(column, 'email', 'phone', 'uuid', 'url', 'ip_address'),
  );

/** What has numbers and codes that many may have: two customers of one postal code are two customers. */
const sharedNumbers =
  'postal post zip country currency area language color colour phone telephone mobile fax house street room vat'.split(
    ' ',
  );

/** Columns that identify a row, if their values are as different as they seem. */
export const keyColumns = (table: DigestTable): readonly DigestColumn[] => {
  const declared = table.constraints?.find(({ kind }) => kind === 'primary_key')?.columns ?? [];
  return table.columns.filter(
    (column) =>
      (declared.length === 1 && declared[0] === column.name) ||
      (isIdentifier(column) &&
        !names(column, ...sharedNumbers) &&
        (column.kind === 'number' || column.kind === 'text') &&
        (column.distinct?.share ?? 0) >= 0.9),
  );
};

/** Whether the database itself sees to it that these columns together tell rows apart. */
export const isDeclaredKey = (table: DigestTable, columns: readonly string[]): boolean =>
  (table.constraints ?? []).some(
    (constraint) =>
      constraint.kind !== 'foreign_key' &&
      constraint.columns.length === columns.length &&
      constraint.columns.every((name) => columns.includes(name)),
  );

/** Whether the table has a declared primary key. */
export const hasPrimaryKey = (table: DigestTable): boolean =>
  (table.constraints ?? []).some(({ kind }) => kind === 'primary_key');

/** The column that identifies a row best: the table’s own name in it, else the first. */
export const mainKey = (table: DigestTable): DigestColumn | undefined => {
  const keys = keyColumns(table);
  const own = stem(wordsOf(table.table).at(-1) ?? '');
  return (
    keys.find((column) => wordsOf(column.name).length === 1 || stem(wordsOf(column.name)[0] ?? '') === own) ?? keys[0]
  );
};

/** Whether most values of a text column look like one of these. */
export const isMostly = (column: DigestColumn, ...shapes: readonly string[]): boolean =>
  shapes.some((shape) => shapeCount(column, shape) >= 0.6 * Math.max(1, column.shapes?.values ?? 0));

/** How many values of a text column look like something. */
export const shapeCount = (column: DigestColumn, shape: string): number => Number(column.shapes?.[shape] ?? 0);

/** The rows of a table in which a column has a value. */
export const filled = (table: DigestTable, column: DigestColumn): number =>
  table.rows.count - (column.nulls?.count ?? 0);
