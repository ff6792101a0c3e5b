import { Failure } from '../../../../src/contracts/failure.ts';
import { tableAddress } from '../../../../src/domain/connection/choose-tables.ts';
import { readEncoding } from './server-encoding.ts';
import { inheritanceOf, leftOut, tableNotes } from './table-notes.ts';
import type {
  ColumnSchema,
  LeftOut,
  NotVisible,
  TableConstraint,
  TableSchema,
} from '../../../../src/contracts/schema.ts';
import { addressOf, type TableAddress } from '../table-address.ts';
import type { OpenedDatabase } from '../open-engine.ts';
import {
  BesideRow,
  ColumnRow,
  ConstraintRow,
  ForeignReaderRow,
  InheritanceRow,
  SearchPathRow,
  ServerRow,
  SizeRow,
  TableRow,
} from './catalog-rows.ts';
import {
  besideSql,
  columnsSql,
  constraintsSql,
  foreignReadersSql,
  inheritanceSql,
  serverSql,
  sizesSql,
  tablesSql,
} from './catalog-sql.ts';
import type { PostgresConnection } from './connect.ts';
import type { OwnNames } from './policy/own-names.ts';
import { searchPathSql } from './own-names-sql.ts';
import { readOwnNames } from './read-own-names.ts';
import { searchPathOf } from './session.ts';
import { shownTypeName } from './type-name.ts';
import { hiddenColumns, hiddenConstraints, hiddenTables, withheldStatistics } from './not-visible.ts';

const oldestVersion = 110_000;

const kinds = { r: 'table', p: 'partitioned_table', v: 'view', m: 'materialized_view', f: 'foreign_table' } as const;
const constraintKinds = { p: 'primary_key', u: 'unique', f: 'foreign_key' } as const;

/** What reading a schema finds, and what judging statements needs besides. */
export type ReadSchema = OpenedDatabase & {
  readonly default_schema: string;
  /** What the search path is set to in each transaction, as `SET search_path` takes it. */
  readonly searchPath: string;
  /** Of the database, as the server calls it. */
  readonly encoding: string;
  readonly foreignReaders: readonly ForeignReaderRow[];
  readonly own: OwnNames;
};

const addressOfTable = (row: TableRow): TableAddress =>
  addressOf(row.plain === true ? undefined : row.schema_name, row.table_name);

const columnOf = ({ name, type, base_type, nullable, comment }: ColumnRow, defaultSchema: string): ColumnSchema => ({
  name,
  type: shownTypeName(type, defaultSchema),
  ...(base_type === null ? {} : { base_type: shownTypeName(base_type, defaultSchema) }),
  nullable,
  ...(comment === null ? {} : { comment }),
});

const constraintOf = (row: ConstraintRow): TableConstraint => ({
  kind: constraintKinds[row.kind],
  columns: row.columns,
  ...(row.referenced_schema === null || row.referenced_table === null
    ? {}
    : {
        references: {
          table: addressOf(row.referenced_plain === true ? undefined : row.referenced_schema, row.referenced_table)
            .name,
          columns: row.referenced_columns ?? [],
        },
      }),
});

const mayRead = ({ may_use, may_read_some }: TableRow): boolean => may_use && may_read_some;

const readSizes = async (
  connection: PostgresConnection,
  oids: readonly number[],
): Promise<ReadonlyMap<number, number>> => {
  // A table that somebody alters cannot be opened now. Its size is not worth waiting for, nor failing.
  await connection.send(`SAVEPOINT sizes; SET LOCAL lock_timeout = '300ms'`);
  const sizes = await connection.ask(SizeRow, sizesSql, [oids]).catch((error: unknown) => {
    if (connection.isOver()) throw error;
    return [];
  });
  await connection.send('ROLLBACK TO SAVEPOINT sizes');
  return new Map(sizes.flatMap(({ oid, bytes }) => (bytes === null ? [] : [[oid, bytes] as const])));
};

/** The tables, views, columns and keys that a role may see, and what it may not. Within a transaction. */
export const readSchema = async (
  connection: PostgresConnection,
  asked: readonly string[] = [],
): Promise<ReadSchema> => {
  // The role's own path is asked for while it still holds: without an operator that could be another one there.
  const [{ path } = { path: [] }] = await connection.ask(SearchPathRow, searchPathSql);
  await connection.send(`SET LOCAL search_path = ${searchPathOf([])}`);
  const [server] = await connection.ask(ServerRow, serverSql);
  if (server === undefined || server.number < oldestVersion) {
    throw new Failure(
      'UNSUPPORTED_DATABASE',
      `The server says that it is PostgreSQL ${server?.version ?? '?'}. PostgreSQL 11 and newer ones can be surveyed.`,
    );
  }
  if (server.encoding === 'SQL_ASCII') {
    connection.guard.rewriteValue = readEncoding(server.encoding);
    await connection.send(`SET LOCAL client_encoding = 'SQL_ASCII'`);
  }
  const { default_schema: meant, own } = await readOwnNames(connection, path);
  const default_schema = meant ?? 'public';
  const searchPath = searchPathOf(own.path);
  await connection.send(`SET LOCAL search_path = ${searchPath}`);
  const isAsked = ({ name }: LeftOut): boolean =>
    asked.some((one) => tableAddress(one, default_schema) === tableAddress(name, default_schema));
  const beside = leftOut(await connection.ask(BesideRow, besideSql, [meant])).filter((one) => !isAsked(one));
  const besideNames = new Set(beside.map(({ name }) => name));
  const found = (await connection.ask(TableRow, tablesSql, [server.number, meant])).filter(
    (row) => !besideNames.has(addressOfTable(row).name),
  );
  const inheritance = inheritanceOf(await connection.ask(InheritanceRow, inheritanceSql, [meant]));
  const readable = found.filter(mayRead);
  const columns = Map.groupBy(await connection.ask(ColumnRow, columnsSql), ({ oid }) => oid);
  const constraints = Map.groupBy(await connection.ask(ConstraintRow, constraintsSql, [meant]), ({ oid }) => oid);
  const hasForeign = found.some(({ kind }) => kind === 'f');
  const foreignReaders = hasForeign ? await connection.ask(ForeignReaderRow, foreignReadersSql) : [];
  const withSize = readable.filter(({ kind }) => kind !== 'v' && kind !== 'f').map(({ oid }) => oid);
  const sizes = await readSizes(connection, withSize);

  const not_visible: NotVisible[] = [
    ...hiddenTables(
      found.filter((row) => !mayRead(row)),
      server.role,
    ),
  ];
  const tableOf = (row: TableRow): TableSchema => {
    const { name } = addressOfTable(row);
    const all = columns.get(row.oid) ?? [];
    const hidden = all.filter(({ may_read }) => !may_read).map((column) => column.name);
    // A key of a table that others inherit from holds for none of their rows, which a SELECT from it reads.
    const keys = (constraints.get(row.oid) ?? []).filter(({ kind }) => kind === 'f' || !inheritance.hasParts(row.oid));
    const notes = tableNotes(
      row,
      all.filter(({ may_read }) => may_read),
      inheritance,
      server.encoding,
    );
    // A key of columns that cannot be read could not be looked at by anybody who works with this schema.
    const isWhole = (key: ConstraintRow): boolean => !key.columns.some((one) => hidden.includes(one));
    const bytes = sizes.get(row.oid);
    if (hidden.length > 0) not_visible.push(hiddenColumns(row, name, hidden, server.role));
    const lost = keys.filter((key) => !isWhole(key));
    if (lost.length > 0) not_visible.push(hiddenConstraints(name, lost.map(constraintOf)));
    if (row.filtered) not_visible.push(withheldStatistics(name, server.role));
    return {
      name,
      kind: kinds[row.kind],
      columns: all.filter(({ may_read }) => may_read).map((column) => columnOf(column, default_schema)),
      constraints: keys.filter(isWhole).map(constraintOf),
      ...(row.estimated_rows === null ? {} : { estimated_rows: row.estimated_rows }),
      ...(bytes === undefined ? {} : { bytes }),
      ...(row.comment === null ? {} : { comment: row.comment }),
      ...(notes.length === 0 ? {} : { notes }),
    };
  };
  const tables = readable.map(tableOf);
  return {
    schema: {
      engine: 'postgres',
      engine_version: server.version,
      default_schema,
      tables,
      not_visible,
      ...(beside.length === 0 ? {} : { left_out: beside }),
    },
    addresses: readable.map(addressOfTable),
    default_schema,
    searchPath,
    encoding: server.encoding,
    foreignReaders,
    own,
  };
};
