import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import { Failure } from '../../../../src/contracts/failure.ts';
import type { DatabaseRole, TableSchema } from '../../../../src/contracts/schema.ts';
import { mysqlNames } from '../../../../src/domain/engines/mysql/names.ts';
import { grantName } from './connect-failure.ts';
import { connect, type MysqlConnection } from './connect.ts';
import { driverError, isLost } from './driver-error.ts';
import { canWrite, type Grant, isElsewhere, listsAll, readGrantLine } from './grants.ts';
import { borrowSession, catalogSettings, type Flavour, type ServerAbout } from './session.ts';

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

/** What is granted: to the role itself, to it and the roles it may put on, to everybody; and how to put those off again. */
type GrantsRead = {
  readonly own: readonly Grant[];
  readonly all: readonly Grant[];
  readonly everybodys: readonly Grant[];
  readonly giveBackRole: () => Promise<void>;
};

/**
 * What the role is granted, with the roles it may put on: a role that is not a default one is one SET ROLE away.
 * Leaves them put on, so that what is tried after is tried with them; MariaDB wears one at a time, the last one stays.
 */
const readGrants = async (connection: MysqlConnection, flavour: Flavour): Promise<GrantsRead> => {
  const worn = flavour === 'mariadb' ? (await connection.ask('SELECT CURRENT_ROLE() AS role'))[0]?.['role'] : undefined;
  const lines = [...(await showGrants(connection))];
  const own = lines.flatMap((line) => readGrantLine(line).grants);
  const roles = lines.flatMap((line) => readGrantLine(line).roles);
  const ofPublic: string[] = [];
  if (flavour === 'mysql') {
    if (roles.length > 0) {
      lines.push(...(await orNothing(showGrants(connection, ` FOR CURRENT_USER() USING ${roles.join(', ')}`))));
      await orNothing(connection.ask('SET ROLE ALL'));
    }
  } else {
    // Since MariaDB 10.11.
    ofPublic.push(...(await orNothing(showGrants(connection, ' FOR PUBLIC'))));
    lines.push(...ofPublic);
    for (const role of roles) {
      await orNothing(connection.ask(`SET ROLE ${role}`));
      lines.push(...(await showGrants(connection)));
    }
  }
  return {
    own,
    all: lines.flatMap((line) => readGrantLine(line).grants),
    everybodys: ofPublic.flatMap((line) => readGrantLine(line).grants),
    giveBackRole: async () => {
      if (roles.length === 0) return;
      const role = flavour === 'mysql' ? 'DEFAULT' : typeof worn === 'string' ? quoteName(worn) : 'NONE';
      await connection.ask(`SET ROLE ${role}`);
    },
  };
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
  for (const table of tables
    .filter(({ kind }) => kind === 'table' || kind === 'partitioned_table')
    .slice(0, triedTables)) {
    for (const [privilege, sql] of attemptsOn(table)) {
      const [row] = await orNothing(connection.ask(sql));
      if (row) found.push({ privilege, on: `${database}.${table.name}` });
    }
  }
  return found;
};

const describe = (grants: readonly Grant[]): readonly string[] => {
  const ofEach = Map.groupBy(grants, ({ privilege }) => privilege).values();
  const named = [...ofEach].flatMap((same) => [
    ...new Set(same.slice(0, namedOfEach).map(({ privilege, on }) => `${privilege} on ${on}`)),
  ]);
  return named;
};

/** What a grant is on, as a statement writes it; the name of a database keeps the signs that make it a pattern. */
const grantObject = (on: string): string => {
  const dot = on.endsWith('.*') ? on.length - 2 : on.indexOf('.');
  const rest = on.slice(dot + 1);
  return on === '*.*' ? on : `${quoteName(on.slice(0, dot))}.${rest === '*' ? rest : quoteName(rest)}`;
};

/** Where the server sees this machine as its own, accounts for that name come before those for any host, nameless ones too. */
const hostFor = (seen: string): string => {
  const host = seen.slice(seen.lastIndexOf('@') + 1);
  return ['localhost', '127.0.0.1', '::1'].includes(host) ? host : '%';
};

const writable = (target: TargetOf<'mysql'>, role: DatabaseRole, seen: string, open: readonly Grant[]): Failure => {
  const named = role.found.slice(0, namedInMessage).join(', ');
  // As installed, MariaDB lets everybody write to databases called test or test_…: no other user is held from it.
  const ofEverybody = [...new Set(open.map(({ on }) => on))].map(
    (on) => `REVOKE ALL PRIVILEGES ON ${grantObject(on)} FROM PUBLIC;`,
  );
  const user = `'surveyor'@'${hostFor(seen)}'`;
  const more = role.found.length > namedInMessage ? `, and ${role.found.length - namedInMessage} more` : '';
  return new Failure(
    'DATABASE_WRITABLE',
    [
      `User ${role.name} can write: ${named}${more}. Survey the database with a user that can only read:`,
      `CREATE USER ${user} IDENTIFIED BY '<a new password>';`,
      `GRANT SELECT, SHOW VIEW ON ${grantName(target.database)} TO ${user};`,
      ...ofEverybody,
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
  about: ServerAbout,
  tables: readonly TableSchema[],
): Promise<DatabaseRole> => {
  const connection = await connect(target);
  try {
    // READ WRITE: the server's default may be read-only, which would hide what the role can do.
    const giveBack = await borrowSession(connection, about, catalogSettings(about), 'READ WRITE');
    const [user] = await connection.ask('SELECT CURRENT_USER() AS name, USER() AS seen');
    const { own, all, everybodys, giveBackRole } = await readGrants(connection, about.flavour);
    const writing = all.filter(canWrite);
    const granted = writing.filter((grant) => !isElsewhere(grant, target.database));
    const elsewhere = describe(writing.filter((grant) => isElsewhere(grant, target.database)));
    const found = describe(granted.length > 0 ? granted : await tryToWrite(connection, target.database, tables));
    await giveBackRole();
    await giveBack();
    const role: DatabaseRole = {
      name: String(user?.['name'] ?? target.user),
      can_write: found.length > 0,
      found,
      ...(elsewhere.length === 0 ? {} : { writes_elsewhere: elsewhere }),
      ...(listsAll(own, target.database) ? {} : { lists_only_granted: true }),
    };
    if (role.can_write && target.writable_role === 'refuse') {
      const open = everybodys.filter((grant) => canWrite(grant) && !isElsewhere(grant, target.database));
      throw writable(target, role, String(user?.['seen'] ?? ''), open);
    }
    return role;
  } finally {
    connection.destroy();
  }
};
