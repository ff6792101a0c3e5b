import type { DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import type { TableNote } from '../../../../../src/contracts/schema.ts';
import { quoteName, quoteText } from '../../../../../src/domain/sql-name.ts';
import { quotePath } from '../quote-path.ts';
import { columnNames } from './column-names.ts';
import { explainJson } from './explain-json.ts';
import { FileProblem, type FileLoader, type FoundFile } from './file-loader.ts';
import { JsonStructure, objectMembers, readableStructure, wrappedRows } from './json-structure.ts';
import { scanJson } from './scan-json.ts';
import { typeTexts } from './type-texts.ts';

/** The longest record. */
const maxRecordBytes = 64 * 1024 * 1024;
const maxColumns = 2_000;
const records = 'temp.json_records';

const one = async (connection: DuckDBConnection, sql: string): Promise<readonly unknown[]> =>
  (await connection.runAndReadAll(sql)).getRowsJS()[0] ?? [];

const structureOf = async (connection: DuckDBConnection): Promise<JsonStructure> => {
  const [text] = await one(connection, `SELECT json_group_structure(json)::VARCHAR FROM ${records}`);
  return JsonStructure.parse(JSON.parse(z.string().parse(text)));
};

const memberOf = (name: string): string =>
  `json -> ${quoteText(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)}`;

/** The rows of a file: its records, or those of the one list that its one record is or holds. */
const readRecords = async (
  connection: DuckDBConnection,
  file: FoundFile,
  isList: boolean,
): Promise<readonly TableNote[]> => {
  const compression = file.packing ?? 'uncompressed';
  const reading = connection.run(
    `CREATE OR REPLACE TEMP TABLE json_records AS SELECT json FROM read_json_objects(${quotePath(file.path)}, format = 'auto', compression = ${quoteText(compression)}, maximum_object_size = ${maxRecordBytes})`,
  );
  await reading.catch(async (error: unknown) => {
    throw (await explainJson(file)) ?? error;
  });
  const notes: TableNote[] = [];
  for (let depth = 0; depth < 3; depth += 1) {
    const [count, type] = await one(connection, `SELECT count(*)::INTEGER, min(json_type(json)) FROM ${records}`);
    if (count === 0)
      throw new FileProblem('It holds no record, so that it has no columns. Write it again, or remove it.');
    if (count !== 1) return notes;
    const structure = type === 'OBJECT' ? await structureOf(connection) : undefined;
    const wrapped = structure === undefined ? undefined : wrappedRows(structure);
    if (type !== 'ARRAY' && wrapped === undefined) {
      const holdsMore =
        !isList && (objectMembers(structure ?? '') ?? []).some(([, member]) => typeof member !== 'string');
      const isOne = holdsMore ? oneObject : [];
      return [...notes, ...isOne];
    }
    const list = wrapped === undefined ? 'json' : memberOf(wrapped);
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE json_records AS SELECT unnest(from_json(${list}, '["JSON"]')) AS json FROM ${records}`,
    );
    if (wrapped === undefined) continue;
    const others = (objectMembers(structure ?? {}) ?? []).map(([name]) => name).filter((name) => name !== wrapped);
    notes.push({
      kind: 'read_as',
      detail: `The file is one object; the rows are those of its list ${JSON.stringify(wrapped)}.${
        others.length === 0
          ? ''
          : ` Beside it there are ${others.length} other members, which are not read: ${others
              .slice(0, 10)
              .map((name) => JSON.stringify(name))
              .join(', ')}.`
      }`,
    });
    break;
  }
  return notes;
};

const oneObject: readonly TableNote[] = [
  {
    kind: 'assumed',
    detail:
      'The file is one object, which is read as one row. If its members are columns, write it as a list of records, as by orient="records" of pandas.',
  },
];

/** Records that have a name twice: one value of it is read. */
const repeatedNames = async (connection: DuckDBConnection, structure: JsonStructure): Promise<readonly TableNote[]> => {
  const isDeep = typeof structure !== 'string' && Object.values(structure).some((member) => typeof member !== 'string');
  // Two members of one name have one place.
  const own = `len(json_keys(json)) <> len(list_distinct(json_keys(json)))`;
  const within = `(SELECT count(*) <> count(DISTINCT fullkey) FROM json_tree(json))`;
  const [count] = await one(
    connection,
    `SELECT count(*)::INTEGER FROM ${records} WHERE json_type(json) = 'OBJECT' AND ${isDeep ? within : own}`,
  );
  return count === 0
    ? []
    : [
        {
          kind: 'assumed',
          detail: `${count === 1 ? '1 record has' : `${String(count)} records have`} a name more than once: the first value is read, the others are not.`,
        },
      ];
};

/** What is not told by the names of columns. */
const shapeNotes = (columns: readonly Column[] | undefined): readonly TableNote[] => {
  if (columns === undefined)
    return [
      {
        kind: 'read_as',
        columns: ['value'],
        detail: 'Its values are no records with names: each is one JSON value of the column "value".',
      },
    ];
  const nested = columns
    .filter(({ structure }) => typeof structure !== 'string' || structure === 'JSON')
    .map(({ name }) => name);
  return nested.length === 0
    ? []
    : [
        {
          kind: 'read_as',
          columns: nested,
          detail:
            'They hold values within values, or of several kinds, kept as they are: lists, structs whose parts are reached by name, and JSON.',
        },
      ];
};

type Column = { readonly member: string; readonly name: string; readonly structure: JsonStructure };

/** Whole numbers beyond 64 bits, which DuckDB would make doubles of, without their last digits. */
const keepWholeNumbers = async (
  connection: DuckDBConnection,
  columns: readonly Column[],
): Promise<readonly Column[]> => {
  const doubles = columns.filter(({ structure }) => structure === 'DOUBLE');
  if (doubles.length === 0) return columns;
  const texts = doubles.map(({ member }) => `CAST(${memberOf(member)} AS VARCHAR)`);
  const found = await one(
    connection,
    `SELECT ${texts.map((text) => `[bool_and(${text} = 'null' OR regexp_full_match(${text}, '-?\\d+')), bool_and(${text} = 'null' OR try_cast(${text} AS HUGEINT) IS NOT NULL)]`).join(', ')} FROM ${records}`,
  );
  return columns.map((column): Column => {
    const [isWhole, fits] = z.tuple([z.boolean(), z.boolean()]).parse(found[doubles.indexOf(column)] ?? [false, false]);
    if (!isWhole) return column;
    return { ...column, structure: fits ? 'HUGEINT' : 'VARCHAR' };
  });
};

const columnsOf = (structure: JsonStructure): readonly Column[] | undefined => {
  const members = objectMembers(structure);
  if (members === undefined || members.length === 0) return undefined;
  if (members.length > maxColumns)
    throw new FileProblem(
      `Its records have ${members.length} different names together, more than the ${maxColumns} columns of a table. It may be a dictionary by ids: write one record per line.`,
    );
  const names = columnNames(members.map(([member]) => member));
  return members.map(([member, inside], index) => ({
    member,
    name: names[index] ?? member,
    structure: readableStructure(inside),
  }));
};

const selectSql = (columns: readonly Column[] | undefined): string => {
  if (columns === undefined) return `SELECT json AS value FROM ${records}`;
  const whole = columns.filter(({ member, name }) => member === name);
  const alone = columns.filter(({ member, name }) => member !== name);
  const all = JSON.stringify(Object.fromEntries(whole.map(({ member, structure }) => [member, structure])));
  const values = columns.map(({ member, name, structure }) =>
    alone.some((other) => other.member === member)
      ? `from_json(${memberOf(member)}, ${quoteText(JSON.stringify(structure))}) AS ${quoteName(name)}`
      : `read.${quoteName(name)}`,
  );
  return whole.length === 0
    ? `SELECT ${values.join(', ')} FROM ${records}`
    : `SELECT ${values.join(', ')} FROM (SELECT json, from_json(json, ${quoteText(all)}) AS read FROM ${records})`;
};

/** Whole numbers that fit have the type that all others have. */
const narrowNumbers = async (
  connection: DuckDBConnection,
  table: string,
  columns: readonly Column[],
): Promise<void> => {
  const wide = columns
    .filter(({ structure }) => structure === 'UBIGINT' || structure === 'HUGEINT')
    .map(({ name }) => quoteName(name));
  if (wide.length === 0) return;
  const fits = await one(
    connection,
    `SELECT ${wide.map((name) => `coalesce(min(${name}) >= -9223372036854775808 AND max(${name}) <= 9223372036854775807, true)`).join(', ')} FROM ${table}`,
  );
  for (const [index, name] of wide.entries())
    if (fits[index] === true) await connection.run(`ALTER TABLE ${table} ALTER ${name} TYPE BIGINT`);
};

/** JSON and NDJSON files: a list of records, records one after another, or one object that wraps a list. */
export const jsonLoader: FileLoader = {
  title: 'JSON',
  async load(connection, file) {
    const table = quoteName(file.table);
    try {
      const { hasLongDecimals, isList } = await scanJson(file);
      const wrapped = await readRecords(connection, file, isList);
      const structure = await structureOf(connection);
      const plain = columnsOf(structure);
      const columns = plain && (await keepWholeNumbers(connection, plain));
      await connection.run(`CREATE TABLE ${table} AS ${selectSql(columns)}`);
      await narrowNumbers(connection, table, columns ?? []);
      await typeTexts(connection, table);
      const renamed = (columns ?? []).flatMap(({ member, name }): readonly TableNote[] =>
        member === name
          ? []
          : [
              {
                kind: 'renamed',
                columns: [name],
                detail: `In the file its name is ${JSON.stringify(member)}, which only case divides from another or which is empty.`,
              },
            ],
      );
      const long: readonly TableNote[] = hasLongDecimals
        ? [
            {
              kind: 'read_as',
              detail:
                'Some numbers have more than 17 digits with a decimal point: they are kept as doubles, without what is beyond.',
            },
          ]
        : [];
      const notes = [
        ...file.notes,
        ...wrapped,
        ...(await repeatedNames(connection, structure)),
        ...shapeNotes(columns),
        ...renamed,
        ...long,
      ];
      return [{ table: file.table, bytes: file.bytes, notes, reads: [] }];
    } finally {
      await connection.run(`DROP TABLE IF EXISTS ${records}`);
    }
  },
};
