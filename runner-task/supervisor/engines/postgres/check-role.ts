import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import * as z from 'zod';
import { Failure } from '../../../../src/contracts/failure.ts';
import type { DatabaseRole } from '../../../../src/contracts/schema.ts';
import { quoteName } from '../../../../src/domain/sql-name.ts';
import { addressOf } from '../table-address.ts';
import type { PostgresConnection } from './connect.ts';
import { flagsSql, membershipsSql, privilegesSql } from './role-sql.ts';
import { inTransaction, searchPathOf } from './session.ts';
import { tryWriting } from './try-writing.ts';

/** Of each kind this many are named; the rest is counted. */
const mostNamed = 3;

const FlagsRow = z.object({
  name: z.string(),
  database: z.string(),
  rolsuper: z.boolean(),
  rolcreaterole: z.boolean(),
  rolcreatedb: z.boolean(),
  rolreplication: z.boolean(),
});
const flags = {
  rolsuper: 'superuser',
  rolcreaterole: 'CREATEROLE',
  rolcreatedb: 'CREATEDB',
  rolreplication: 'REPLICATION',
} as const;

const PrivilegeRow = z.object({
  privilege: z.string(),
  schema_name: z.string().nullable(),
  table_name: z.string().nullable(),
});

const targetOf = ({ schema_name, table_name }: z.infer<typeof PrivilegeRow>): string => {
  if (schema_name === null) return 'the database';
  return table_name === null ? `schema ${schema_name}` : addressOf(schema_name, table_name).name;
};

const privilegesFound = (rows: readonly z.infer<typeof PrivilegeRow>[]): readonly string[] =>
  [...Map.groupBy(rows, ({ privilege }) => privilege)].flatMap(([privilege, same]) => {
    const verb = privilege === 'ownership' ? 'ownership of' : `${privilege} on`;
    const more = same.length - mostNamed;
    return [
      ...same.slice(0, mostNamed).map((row) => `${verb} ${targetOf(row)}`),
      ...(more > 0 ? [`${verb} ${more} more`] : []),
    ];
  });

/** Three queries of the catalog. */
const roleSeconds = 60;

/** What the role that a session runs as may change, as the catalog tells: its flags, memberships and privileges. */
const readRole = async (connection: PostgresConnection) => {
  const [found] = await connection.ask(FlagsRow, flagsSql);
  if (found === undefined) throw new Failure('INTERNAL', 'The server does not tell which role it runs statements as.');
  const isFlagged = Object.entries(flags).flatMap(([flag, name]) => (found[flag as keyof typeof flags] ? [name] : []));
  const memberships = found.rolsuper ? [] : await connection.ask(z.object({ name: z.string() }), membershipsSql);
  // A superuser may do everything: no list of that tells anybody more.
  const privileges = found.rolsuper ? [] : await connection.ask(PrivilegeRow, privilegesSql);
  const byCatalog = [
    ...isFlagged,
    ...memberships.map(({ name }) => `membership in ${name}`),
    ...privilegesFound(privileges),
  ];
  return { ...found, byCatalog };
};

/** What the role that a session runs as may change: what the catalog tells, and what a trial shows. */
export const findRole = async (
  connection: PostgresConnection,
): Promise<{ readonly role: DatabaseRole; readonly database: string }> => {
  const { name, database, byCatalog } = await inTransaction(
    connection,
    { seconds: roleSeconds, searchPath: searchPathOf([]) },
    () => readRole(connection),
  );
  const all = byCatalog.length > 0 ? byCatalog : await tryWriting(connection);
  return { role: { name, can_write: all.length > 0, found: all }, database };
};

/** How to have a role that can only read, for the schemas that have tables. */
const readingRole = (database: string, schemas: readonly string[]): string =>
  [
    `CREATE ROLE surveyor LOGIN PASSWORD '…';`,
    `GRANT CONNECT ON DATABASE ${quoteName(database)} TO surveyor;`,
    ...schemas.flatMap((schema) => [
      `GRANT USAGE ON SCHEMA ${quoteName(schema)} TO surveyor;`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA ${quoteName(schema)} TO surveyor;`,
    ]),
  ]
    .map((line) => `  ${line}`)
    .join('\n');

const publicCreate = (found: readonly string[]): string =>
  found.some((one) => one === 'CREATE on schema public')
    ? ' Before PostgreSQL 15 every role may create tables in schema public: REVOKE CREATE ON SCHEMA public FROM PUBLIC ends that.'
    : '';

/** Lets the role through where it cannot write, or where that was accepted. Fails with DATABASE_WRITABLE. */
export const checkRole = async (
  connection: PostgresConnection,
  target: TargetOf<'postgres'>,
  schemas: readonly string[],
): Promise<DatabaseRole> => {
  const { role, database } = await findRole(connection);
  if (!role.can_write || target.writable_role === 'accept') return role;
  throw new Failure(
    'DATABASE_WRITABLE',
    `Role ${role.name} can write to database ${database}: ${role.found.join('; ')}.${publicCreate(role.found)} A survey only reads, so connect as a role that can do nothing else. This makes one:\n${readingRole(database, schemas)}\nTo survey with this role all the same, add ?writable_role=accept to the connection string; statements are read-only even so, and the report says that it could write.`,
    { where: role.name },
  );
};
