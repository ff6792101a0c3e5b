import type { DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import type { TableNote } from '../../../../../src/contracts/schema.ts';
import { dataFileFormat } from '../../../../../src/domain/engines/duckdb/data-file.ts';
import { quoteName, quoteText } from '../../../../../src/domain/sql-name.ts';
import { shownName } from './name-tables.ts';
import { parquetSource } from './load-parquet.ts';
import { FileProblem, type DataPart, type FoundFile, type LoadedTable } from './file-loader.ts';

/** Where the parts are tables, until they are one. */
const schema = 'data_set_parts';

/** Drops what there is of parts. */
export const dropParts = async (connection: DuckDBConnection): Promise<void> => {
  await connection.run('USE main');
  await connection.run(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
};

/** Parts that are read one by one. */
const maxParts = 1_000;

/** Notes of parts that are told one by one. */
const maxNotes = 20;

/** A part as it is read: a table of its own, or a Parquet file in its place. */
type PartTable = { readonly part: DataPart; readonly source: string; readonly types: ReadonlyMap<string, string> };

const TypeRow = z.object({ column_name: z.string(), data_type: z.string() });

const typesOf = async (connection: DuckDBConnection, table: string): Promise<ReadonlyMap<string, string>> => {
  const read = await connection.runAndReadAll(
    `SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = '${schema}' AND table_name = ${quoteText(table)} ORDER BY column_index`,
  );
  return new Map(
    z
      .array(TypeRow)
      .parse(read.getRowObjectsJS())
      .map((row) => [row.column_name, row.data_type]),
  );
};

/** The type of a column that folders hold: a number or a day where every value is written as one, without a zero in front. */
const keyType = (values: readonly (string | null)[]): string => {
  const given = values.filter((value) => value !== null);
  const all = (form: RegExp): boolean => given.length > 0 && given.every((value) => form.test(value));
  if (all(/^(?:0|-?[1-9]\d{0,17})$/)) return 'BIGINT';
  return all(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/) ? 'DATE' : 'VARCHAR';
};

/** From the narrowest up. */
const wholeTypes = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT'];

/** Whether a double holds the whole numbers of all parts to the last digit. */
const fitDouble = async (connection: DuckDBConnection, name: string, parts: readonly PartTable[]): Promise<boolean> => {
  for (const { source, types } of parts) {
    const own = [...types].find(([other]) => other.toLowerCase() === name.toLowerCase());
    if (own === undefined || !wholeTypes.includes(own[1])) continue;
    const read = await connection.runAndReadAll(
      `SELECT coalesce(max(${quoteName(own[0])}) <= 9007199254740992 AND min(${quoteName(own[0])}) >= -9007199254740992, true) FROM ${source}`,
    );
    if (read.getRowsJS()[0]?.[0] !== true) return false;
  }
  return true;
};

type Combined = { readonly type: string; readonly note?: TableNote };

/** One type for a column that its parts have as several: texts, where a number would lose what was written. */
const combineTypes = (name: string, types: ReadonlySet<string>, fitsDouble: boolean): Combined => {
  const [only] = types;
  if (only !== undefined && types.size === 1) return { type: only };
  const numbers = fitsDouble ? [...wholeTypes, 'DOUBLE'] : wholeTypes;
  const widest = [...types].every((type) => numbers.includes(type))
    ? numbers.findLast((type) => types.has(type))
    : undefined;
  const type = widest ?? 'VARCHAR';
  const detail = `The parts have it as ${[...types].join(', ')}; here it is ${type}.`;
  return { type, note: { kind: 'read_as', columns: [name], detail } };
};

const unionSql = (
  tables: readonly PartTable[],
  columns: ReadonlyMap<string, Combined>,
  keys: ReadonlyMap<string, string>,
): string =>
  tables
    .map(({ part, source, types }) => {
      const own = new Map([...types.keys()].map((name) => [name.toLowerCase(), name]));
      const values = [...columns].map(([name, { type }]) => {
        const there = own.get(name.toLowerCase());
        return `${there === undefined ? 'NULL' : quoteName(there)}::${type} AS ${quoteName(name)}`;
      });
      const held = [...keys].map(([name, type]) => {
        const value = part.keys.get(name) ?? null;
        return `${value === null ? 'NULL' : quoteText(value)}::${type} AS ${quoteName(name)}`;
      });
      return `SELECT ${[...values, ...held].join(', ')} FROM ${source}`;
    })
    .join(' UNION ALL ');

const limited = (notes: readonly TableNote[]): readonly TableNote[] =>
  notes.length <= maxNotes
    ? notes
    : [
        ...notes.slice(0, maxNotes),
        { kind: 'read_as', detail: `There are ${notes.length - maxNotes} more notes like these on its other parts.` },
      ];

/**
 * Makes one table of a data set: the rows of all parts, columns matched by name, and those columns that the folders' names hold.
 * A part that cannot be read fails the whole: without it, the figures would be of something else.
 */
export const loadDataSet = async (
  connection: DuckDBConnection,
  file: FoundFile & { readonly parts: readonly DataPart[] },
  copied: boolean,
  loadPart: (part: FoundFile) => Promise<readonly LoadedTable[]>,
): Promise<readonly LoadedTable[]> => {
  const { parts, table, bytes, notes } = file;
  if (parts.length > maxParts)
    throw new FileProblem(
      `The data set has ${parts.length} files, of ${maxParts} that are read as one table. Survey some of its folders.`,
    );
  const loaded: PartTable[] = [];
  const partNotes: TableNote[] = [];
  await connection.run(`CREATE SCHEMA ${schema}`);
  try {
    await connection.run(`USE ${schema}`);
    for (const [index, part] of parts.entries()) {
      const format = dataFileFormat(part.name) ?? file.format;
      const made = await loadPart({ ...part, table: `part_${index}`, format, notes: [] }).catch((error: unknown) => {
        throw new FileProblem(
          `Its part ${shownName(part.name)}: ${error instanceof Error ? error.message : String(error)}`,
          {
            cause: error,
          },
        );
      });
      const [first] = made;
      if (first === undefined || made.length > 1)
        throw new FileProblem(
          `Its part ${shownName(part.name)} holds ${made.length} tables. A part of a data set holds one.`,
        );
      const isInPlace = first.reads.length > 0;
      loaded.push({
        part,
        source: isInPlace ? parquetSource(part.path) : `${schema}.${quoteName(first.table)}`,
        types: await typesOf(connection, first.table),
      });
      partNotes.push(...first.notes.map((note) => ({ ...note, detail: `${shownName(part.name)}: ${note.detail}` })));
    }
    await connection.run('USE main');
    const keys = new Map(
      [...new Set(parts.flatMap((part) => [...part.keys.keys()]))].map((name) => [
        name,
        keyType(parts.map((part) => part.keys.get(name) ?? null)),
      ]),
    );
    const held = new Set([...keys.keys()].map((name) => name.toLowerCase()));
    const types = new Map<string, { readonly name: string; readonly types: Set<string> }>();
    for (const one of loaded)
      for (const [name, type] of one.types) {
        const key = name.toLowerCase();
        if (held.has(key)) continue;
        const known = types.get(key) ?? { name, types: new Set() };
        types.set(key, { name: known.name, types: known.types.add(type) });
      }
    const columns = new Map<string, Combined>();
    for (const { name, types: mixed } of types.values()) {
      const fits = mixed.size > 1 && mixed.has('DOUBLE') && (await fitDouble(connection, name, loaded));
      columns.set(name, combineTypes(name, mixed, fits));
    }
    const isView = !copied && loaded.every(({ part, source }) => source === parquetSource(part.path));
    await connection.run(
      `CREATE ${isView ? 'VIEW' : 'TABLE'} ${quoteName(table)} AS ${unionSql(loaded, columns, keys)}`,
    );
    const told: TableNote = {
      kind: 'read_as',
      detail: `${parts.length} files of ${shownName(file.name)} are one table.${keys.size === 0 ? '' : ` The names of their folders hold ${[...keys.keys()].map((name) => JSON.stringify(name)).join(', ')}.`}`,
    };
    const mixed = [...columns.values()].flatMap(({ note }) => note ?? []);
    return [
      {
        table,
        bytes,
        notes: [...notes, told, ...mixed, ...limited(partNotes)],
        reads: isView ? parts.map(({ path }) => path) : [],
      },
    ];
  } finally {
    await dropParts(connection);
  }
};
