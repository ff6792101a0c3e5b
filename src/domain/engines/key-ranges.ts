import type { ColumnSchema, TableSchema } from '../../contracts/schema.ts';
import type { TableEstimate } from '../figures/profile-plan.ts';

/** Parts of a key's range that rows are taken of. */
const ranges = 50;

/** The first column of the primary key, if it is of whole numbers: the rows lie in its order. */
export const wholeKey = (
  { kind, columns, constraints }: TableSchema,
  isWhole: (column: ColumnSchema) => boolean,
): string | undefined => {
  const first = constraints.find((constraint) => constraint.kind === 'primary_key')?.columns[0];
  const column = columns.find(({ name }) => name === first);
  return kind !== 'view' && column !== undefined && isWhole(column) ? column.name : undefined;
};

/** The key with its range, where it has one whose width a double can hold. */
export const keyRange = (
  column: string | undefined,
  least: number | undefined,
  greatest: number | undefined,
): TableEstimate['keys'] =>
  column === undefined || least === undefined || greatest === undefined || !Number.isSafeInteger(greatest - least)
    ? undefined
    : { column, least, greatest };

/** Equal parts of the key’s range, and of each as much of its beginning as the sample’s share: a draw that reads no other rows. */
export const inKeyRanges = (
  keys: TableEstimate['keys'],
  share: number,
  quoteName: (name: string) => string,
): string => {
  if (keys === undefined || share >= 1) return '1 = 1';
  const width = (keys.greatest - keys.least + 1) / ranges;
  return Array.from({ length: ranges }, (_, at) => {
    const from = Math.floor(keys.least + at * width);
    return `${quoteName(keys.column)} BETWEEN ${from} AND ${from + Math.max(0, Math.ceil(width * share) - 1)}`;
  }).join('\n    OR ');
};
