import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import type { RowDataPacket } from 'mysql2';
import * as z from 'zod';
import { Failure } from '../../../../src/contracts/failure.ts';
import type {
  ColumnSchema,
  LeftOut,
  NotVisible,
  TableConstraint,
  TableNote,
  TableSchema,
} from '../../../../src/contracts/schema.ts';
import { mysqlNames } from '../../../../src/domain/engines/mysql/names.ts';
import { addressOf, type TableAddress } from '../table-address.ts';
import type { OpenedDatabase } from '../open-engine.ts';
import { notUnderstood, placeOf } from '../server/connect-failure.ts';
import { grantName } from './connect-failure.ts';
import type { MysqlConnection } from './connect.ts';
import { driverError, isLost, serverErrors } from './driver-error.ts';
import { readConstraints } from './read-constraints.ts';
import type { ServerAbout } from './session.ts';

const { quoteName } = mysqlNames;

const TableRow = z.object({
  name: z.string(),
  type: z.string(),
  engine: z.string().nullable(),
  options: z.string().nullable(),
  estimated_rows: z.coerce.number().nullable(),
  bytes: z.coerce.number().nullable(),
  comment: z.string().nullable(),
});
type TableRow = z.infer<typeof TableRow>;
const tablesSql = `
  SELECT TABLE_NAME AS name, TABLE_TYPE AS type, ENGINE AS engine, CREATE_OPTIONS AS options,
    TABLE_ROWS AS estimated_rows, DATA_LENGTH + INDEX_LENGTH AS bytes, TABLE_COMMENT AS comment
  FROM information_schema.TABLES
  WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME`;

const ColumnRow = z.object({
  table_name: z.string(),
  name: z.string(),
  type: z.string(),
  nullable: z.string(),
  character_set: z.string().nullable(),
  comment: z.string(),
  privileges: z.string(),
});
type ColumnRow = z.infer<typeof ColumnRow>;
const columnsSql = `
  SELECT TABLE_NAME AS table_name, COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable,
    CHARACTER_SET_NAME AS character_set, COLUMN_COMMENT AS comment, PRIVILEGES AS privileges
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION`;

const isReadable = ({ privileges }: ColumnRow): boolean => /\bselect\b/i.test(privileges);

const columnOf = ({ name, type, nullable, comment }: ColumnRow): ColumnSchema => ({
  name,
  type,
  nullable: nullable === 'YES',
  ...(comment === '' ? {} : { comment }),
});

const foreignEngines = new Set(['FEDERATED', 'CONNECT', 'SPIDER']);

const kindOf = ({ type, engine, options }: TableRow): TableSchema['kind'] => {
  if (type.includes('VIEW')) return 'view';
  if (engine !== null && foreignEngines.has(engine.toUpperCase())) return 'foreign_table';
  return options !== null && /\bpartitioned\b/i.test(options) ? 'partitioned_table' : 'table';
};

/** What a reader of figures of a table with FOR SYSTEM_TIME has to know. */
const presentOnly: TableNote = {
  kind: 'read_as',
  detail: 'The table is system-versioned: its rows as they are now are measured, those that it held before are not.',
};

/** What a reader of a table's figures has to know of it and its columns. */
const notesOf = ({ type }: TableRow, columns: readonly ColumnRow[]): readonly TableNote[] => {
  const latin1 = columns.filter(({ character_set }) => character_set === 'latin1').map(({ name }) => name);
  return [
    ...(type === 'SYSTEM VERSIONED' ? [presentOnly] : []),
    ...(latin1.length === 0
      ? []
      : [
          {
            kind: 'read_as' as const,
            columns: latin1,
            detail:
              'Read as latin1, as it is declared. Where a program has put UTF-8 there, as many have, a letter with an accent is two or three signs, and counted as them.',
          },
        ]),
  ];
};

/** Why a table or view shows no column. Of a view that is broken, its comment says so. */
const unreadable = ({ type, comment }: TableRow, grant: string): string =>
  type.includes('VIEW') && comment !== null && comment !== '' && comment !== 'VIEW'
    ? `It cannot be read: ${comment}.`
    : `The role may not read it. To show it: ${grant}.`;

const read = async <T>(
  connection: MysqlConnection,
  target: TargetOf<'mysql'>,
  sql: string,
  row: z.ZodType<T>,
): Promise<readonly T[]> => {
  const rows = z.array(row).safeParse((await connection.ask(sql)).map((packet: RowDataPacket) => ({ ...packet })));
  if (rows.success) return rows.data;
  throw new Failure('DATABASE_UNREACHABLE', notUnderstood(target, 'MySQL or MariaDB'), {
    where: placeOf(target),
    cause: rows.error,
  });
};

/** The keys of a table, or why they are not told. */
type Keys = { readonly constraints: readonly TableConstraint[]; readonly hidden?: { denied: boolean; said: string } };

const readKeys = async (connection: MysqlConnection, table: string, database: string): Promise<Keys> => {
  try {
    const [row] = await connection.ask(`SHOW CREATE TABLE ${quoteName(table)}`);
    const constraints = readConstraints(
      String(row?.['Create Table'] ?? ''),
      (name, other) => addressOf(other === database ? undefined : other, name).name,
    );
    return { constraints };
  } catch (thrown) {
    const error = driverError(thrown);
    if (isLost(error)) throw thrown;
    // A table that is broken (a lost file, a remote one that does not answer) fails alone, when it is read.
    const denied = error.errno === serverErrors.tableDenied;
    return { constraints: [], hidden: { denied, said: error.sqlMessage ?? error.message } };
  }
};

/** What of a table its role cannot see. */
const hiddenOf = (
  name: string,
  columns: readonly ColumnRow[],
  { hidden }: Keys,
  grant: string,
): readonly NotVisible[] => {
  const found: NotVisible[] = [];
  if (hidden !== undefined) {
    const detail = hidden.denied
      ? `The keys are told by SHOW CREATE TABLE, which is denied. To show them: ${grant}.`
      : `The keys could not be read: ${hidden.said}.`;
    found.push({ what: 'constraints', name, detail });
  }
  if (hidden?.denied === true || !columns.every(isReadable)) {
    const detail = `The role may read only some columns; which others there are is not told. To show all: ${grant}.`;
    found.push({ what: 'columns', name, detail });
  }
  return found;
};

const nothingReadable = (target: TargetOf<'mysql'>, hidden: number): Failure =>
  new Failure(
    'DATABASE_EMPTY',
    `Database ${target.database} has no table that user ${target.user} may read${
      hidden === 0 ? '' : `; of ${hidden} it may do other things alone`
    }. If it has tables, grant them: GRANT SELECT, SHOW VIEW ON ${grantName(target.database)} TO the user.`,
  );

/**
 * The tables and views of the connection's database, as its role sees them. A table of which it may read some columns
 * is told by SHOW CREATE TABLE being denied: the server shows nothing of the other columns, not that there are any. Of
 * a view with such grants not even that is told.
 */
export const readSchema = async (
  connection: MysqlConnection,
  target: TargetOf<'mysql'>,
  { version }: ServerAbout,
): Promise<OpenedDatabase> => {
  const rows = await read(connection, target, tablesSql, TableRow);
  const columns = Map.groupBy(await read(connection, target, columnsSql, ColumnRow), ({ table_name }) => table_name);
  const grant = (name: string): string =>
    `GRANT SELECT ON ${quoteName(target.database)}.${quoteName(name)} TO the user`;

  const tables: TableSchema[] = [];
  const addresses: TableAddress[] = [];
  const notVisible: NotVisible[] = [];
  const leftOut: LeftOut[] = [];
  for (const row of rows) {
    const address = addressOf(undefined, row.name);
    const { name } = address;
    if (row.type === 'SEQUENCE') {
      leftOut.push({ name, detail: 'A sequence: it makes numbers and holds no rows.' });
      continue;
    }
    const all = columns.get(row.name) ?? [];
    const readable = all.filter(isReadable);
    if (readable.length === 0) {
      notVisible.push({ what: 'table', name, detail: unreadable(row, grant(row.name)) });
      continue;
    }
    const kind = kindOf(row);
    const notes = notesOf(row, readable);
    const keys: Keys = kind === 'view' ? { constraints: [] } : await readKeys(connection, row.name, target.database);
    tables.push({
      name,
      kind,
      columns: readable.map(columnOf),
      constraints: keys.constraints,
      ...(notes.length === 0 ? {} : { notes }),
      ...(row.estimated_rows === null ? {} : { estimated_rows: row.estimated_rows }),
      ...(row.bytes === null ? {} : { bytes: row.bytes }),
      // Of a view it holds no comment but "VIEW".
      ...(row.comment === null || row.comment === '' || row.comment === 'VIEW' ? {} : { comment: row.comment }),
    });
    notVisible.push(...hiddenOf(name, all, keys, grant(row.name)));
    addresses.push(address);
  }
  if (tables.length === 0) throw nothingReadable(target, notVisible.length);
  return {
    schema: {
      engine: 'mysql',
      engine_version: version,
      default_schema: target.database,
      tables,
      not_visible: notVisible,
      ...(leftOut.length === 0 ? {} : { left_out: leftOut }),
    },
    addresses,
  };
};
