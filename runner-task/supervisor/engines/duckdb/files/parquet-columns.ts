import type { DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import type { TableNote } from '../../../../../src/contracts/schema.ts';
import { quotePath } from '../quote-path.ts';

/** The most digits that DuckDB's decimals have. Wider ones it reads as doubles, and wrongly: of 1 it makes 16777216. */
const maxDigits = 38;

const SchemaRow = z.object({
  name: z.string(),
  type: z.string().nullable(),
  precision: z.number().nullable(),
  children: z.number().nullable(),
  logical_type: z.string().nullable(),
});
type SchemaRow = z.infer<typeof SchemaRow>;

/** A column of a file, and what values it is made of. */
type ParquetColumn = { readonly name: string; readonly leaves: readonly SchemaRow[] };

/** The columns out of the list of the schema's nodes, where each is followed by its children. */
const columnsOf = ([root, ...nodes]: readonly SchemaRow[]): readonly ParquetColumn[] => {
  const columns: { name: string; leaves: SchemaRow[] }[] = [];
  let open = 0;
  for (const node of nodes) {
    if (open === 0) columns.push({ name: node.name, leaves: [] });
    else open -= 1;
    const children = node.children ?? 0;
    open += children;
    if (children === 0) columns.at(-1)?.leaves.push(node);
  }
  return root === undefined ? [] : columns;
};

const isTooWide = ({ precision, logical_type }: SchemaRow): boolean =>
  (precision ?? 0) > maxDigits ||
  Number(/DecimalType\(.*precision=(\d+)/.exec(logical_type ?? '')?.[1] ?? 0) > maxDigits;

/** Whether nanoseconds are cut: of times, of moments with a zone, and of the old INT96. Moments without a zone keep them. */
const isCut = ({ type, logical_type }: SchemaRow): boolean =>
  type === 'INT96' ||
  (logical_type?.includes('NANOS=NanoSeconds') === true &&
    (logical_type.startsWith('TimeType') || logical_type.includes('isAdjustedToUTC=1')));

/** What of a file's columns can be read as it is. */
export type ReadableColumns = {
  /** Columns by their number whose values DuckDB would change. */
  readonly leftOut: readonly { readonly index: number; readonly name: string }[];
  readonly names: readonly string[];
  readonly notes: readonly TableNote[];
};

/** Finds out which columns of a file have values that DuckDB does not decode as they are. */
export const readableColumns = async (connection: DuckDBConnection, path: string): Promise<ReadableColumns> => {
  const read = await connection.runAndReadAll(
    `SELECT name, type, precision::DOUBLE AS precision, num_children::DOUBLE AS children, logical_type FROM parquet_schema(${quotePath(path)})`,
  );
  const columns = columnsOf(z.array(SchemaRow).parse(read.getRowObjectsJS()));
  const leftOut = columns.flatMap(({ name, leaves }, index) => (leaves.some(isTooWide) ? [{ index, name }] : []));
  const cut = columns.filter(({ leaves }) => leaves.some(isCut)).map(({ name }) => name);
  return {
    leftOut,
    names: columns.map(({ name }) => name),
    notes: [
      ...leftOut.map(({ name }): TableNote => ({
        kind: 'left_out',
        detail: `The column ${JSON.stringify(name)} is not read: it has decimals of more than ${maxDigits} digits, which would come out as other numbers. Write it as a decimal of ${maxDigits} digits at most, or as text.`,
      })),
      ...(cut.length === 0
        ? []
        : [
            {
              kind: 'read_as' as const,
              columns: cut,
              detail: 'The file has nanoseconds; they are read to the microsecond, without what is below.',
            },
          ]),
    ],
  };
};
