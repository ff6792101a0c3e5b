import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import { Failure } from '../../../../src/contracts/failure.ts';
import type { DatabaseRole, TableSchema } from '../../../../src/contracts/schema.ts';
import { mysqlNames } from '../../../../src/domain/engines/mysql/names.ts';
import { grantName } from './connect-failure.ts';
import { connect, type MysqlConnection } from './connect.ts';
import { driverError, isLost } from './driver-error.ts';
import { canWrite, type Grant, listsAll, readGrantLine } from './grants.ts';
import { type Flavour, prepareCatalog } from './session.ts';

const { quoteName, quoteTable } = mysqlNames;

/** So many tables are tried; the grants have been read for all of them. */
const triedTables = 50;
/** So many of one privilege are named. */
const namedOfEach = 3;
const namedInMessage = 6;

const showGrants = async (connection: MysqlConnection, more = ''): Promise<readonly string[]> => {
  const rows = await connection.ask(`SHOW GRANTS${more}`);
  return rows.flatMap((row) => Object.values(row).map(String));
};

/** Leaves out what a server does not let be asked, of an older version or by this role. */
const orNothing = async <T>(asked: Promise<readonly T[]>): Promise<readonly T[]> =>
  asked.catch((error: unknown) => {
    if (isLost(driverError(error))) throw error;
    return [];
  });

/**
 * What the role is granted, with the roles it may put on: a role that is not a default one is one SET ROLE away.
 * Leaves them put on, so that what is tried after is tried with them; MariaDB wears one at a time, the last one stays.
 */
const readGrants = async (
  connection: MysqlConnection,
  flavour: Flavour,
): Promise<{ readonly own: readonly Grant[]; readonly all: readonly Grant[] }> => {
  const lines = [...(await showGrants(connection))];
  const own = lines.flatMap((line) => readGrantLine(line).grants);
  const roles = lines.flatMap((line) => readGrantLine(line).roles);
  if (flavour === 'mysql') {
    if (roles.length > 0) {
      lines.push(...(await orNothing(showGrants(connection, ` FOR CURRENT_USER() USING ${roles.join(', ')}`))));
      await orNothing(connection.ask('SET ROLE ALL'));
    }
  } else {
    // Since MariaDB 10.11, what everybody may.
    lines.push(...(await orNothing(showGrants(connection, ' FOR PUBLIC'))));
    for (const role of roles) {
      await orNothing(connection.ask(`SET ROLE ${role}`));
      lines.push(...(await showGrants(connection)));
    }
  }
  return { own, all: lines.flatMap((line) => readGrantLine(line).grants) };
};

/** Statements that change nothing: EXPLAIN plans them, and asks for the privilege of running them. */
const attemptsOn = ({ name, columns }: TableSchema): readonly (readonly [string, string])[] => {
  const table = quoteTable(name);
  const column = quoteName(columns[0]?.name ?? '');
  return [
    ['INSERT', `EXPLAIN INSERT INTO ${table} () VALUES ()`],
    ['UPDATE', `EXPLAIN UPDATE ${table} SET ${column} = ${column} WHERE FALSE`],
    ['DELETE', `EXPLAIN DELETE FROM ${table} WHERE FALSE`],
  ];
};

/** What the server would let the role do, whatever its grants say. */
const tryToWrite = async (
  connection: MysqlConnection,
  database: string,
  tables: readonly TableSchema[],
): Promise<readonly Grant[]> => {
  const found: Grant[] = [];
  // The server's default may be read-only, which would hide what the role can do.
  await connection.ask('START TRANSACTION READ WRITE');
  for (const table of tables
    .filter(({ kind }) => kind === 'table' || kind === 'partitioned_table')
    .slice(0, triedTables)) {
    for (const [privilege, sql] of attemptsOn(table)) {
      const [row] = await orNothing(connection.ask(sql));
      if (row) found.push({ privilege, on: `${database}.${table.name}` });
    }
  }
  await connection.ask('ROLLBACK');
  return found;
};

const describe = (grants: readonly Grant[]): readonly string[] => {
  const ofEach = Map.groupBy(grants, ({ privilege }) => privilege).values();
  const named = [...ofEach].flatMap((same) => [
    ...new Set(same.slice(0, namedOfEach).map(({ privilege, on }) => `${privilege} on ${on}`)),
  ]);
  return named;
};

const writable = (target: TargetOf<'mysql'>, role: DatabaseRole): Failure => {
  const named = role.found.slice(0, namedInMessage).join(', ');
  const more = role.found.length > namedInMessage ? `, and ${role.found.length - namedInMessage} more` : '';
  return new Failure(
    'DATABASE_WRITABLE',
    [
      `User ${role.name} can write: ${named}${more}. Survey the database with a user that can only read:`,
      `CREATE USER 'surveyor'@'%' IDENTIFIED BY '<a new password>';`,
      `GRANT SELECT, SHOW VIEW ON ${grantName(target.database)} TO 'surveyor'@'%';`,
      'Or accept this one, which the report then says: add ?writable_role=accept to the connection string.',
    ].join('\n'),
  );
};

/**
 * Finds out whether the role can write, from what it is granted and by what the server would let it do. On a connection
 * of its own, which is the only one that is ever outside read-only mode; nothing is changed there either. Fails with
 * DATABASE_WRITABLE where such a role is to be refused.
 */
export const checkRole = async (
  target: TargetOf<'mysql'>,
  flavour: Flavour,
  tables: readonly TableSchema[],
): Promise<DatabaseRole> => {
  const connection = await connect(target);
  try {
    await prepareCatalog(connection, flavour);
    const [user] = await connection.ask('SELECT CURRENT_USER() AS name');
    const { own, all } = await readGrants(connection, flavour);
    const granted = all.filter(canWrite);
    const found = describe(granted.length > 0 ? granted : await tryToWrite(connection, target.database, tables));
    const role: DatabaseRole = {
      name: String(user?.['name'] ?? target.user),
      can_write: found.length > 0,
      found,
      ...(listsAll(own, target.database) ? {} : { lists_only_granted: true }),
    };
    if (role.can_write && target.writable_role === 'refuse') throw writable(target, role);
    return role;
  } finally {
    connection.destroy();
  }
};
