import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { findRole } from '../../../../runner-task/supervisor/engines/postgres/check-role.ts';
import { connect } from '../../../../runner-task/supervisor/engines/postgres/connect.ts';
import { tryWriting } from '../../../../runner-task/supervisor/engines/postgres/try-writing.ts';
import type { DatabaseSchema } from '../../../../src/contracts/schema.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { postgresPassword, startPostgres, type PostgresServer } from '../../../support/postgres-server.ts';
import { limits, openAs, outcomeOf, targetOf } from './postgres-target.ts';

const password = 'a p@ss:word/of-roles';

describe.skipIf(isMissing('postgres'))('a role of PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    const roles = ['keeper', 'reader', 'partial', 'nothing', 'inserter', 'updater', 'truncater', 'maker', 'member'];
    const more = ['switcher', 'sequencer', 'filtered', 'database_maker'];
    await server.run([...roles, ...more].map((role) => `CREATE ROLE ${role} LOGIN PASSWORD '${password}';`).join('\n'));
    await server.run(`
      GRANT CREATE ON SCHEMA public TO keeper;
      SET ROLE keeper;
      CREATE TABLE customers (id int PRIMARY KEY, name text UNIQUE, email text NOT NULL);
      CREATE TABLE orders (day date, number int, customer int REFERENCES customers, PRIMARY KEY (day, number));
      CREATE TABLE items (place int, number int, day date, code text,
                          PRIMARY KEY (place, number, day), FOREIGN KEY (day, number) REFERENCES orders);
      CREATE UNIQUE INDEX ON items (code); CREATE UNIQUE INDEX ON items (lower(code));
      CREATE UNIQUE INDEX ON items (place) WHERE place > 0;
      CREATE SEQUENCE numbers;
      CREATE TABLE own_rows (id int, owner text); ALTER TABLE own_rows ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON own_rows USING (owner = current_user);
      INSERT INTO customers SELECT i, 'n' || i, 'e' || i FROM generate_series(1, 50) i;
      RESET ROLE;
      CREATE SCHEMA hidden; CREATE TABLE hidden.secrets (id int);
      CREATE SCHEMA crowd;
      DO $$ BEGIN FOR i IN 1..30 LOOP EXECUTE format('CREATE TABLE crowd.t%s (id int)', i); END LOOP; END $$;
      GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader, inserter, updater, truncater, maker, member, switcher, sequencer, filtered, database_maker;
      GRANT SELECT (id, name) ON customers TO partial;
      GRANT INSERT ON orders TO inserter; GRANT UPDATE (email) ON customers TO updater; GRANT TRUNCATE ON items TO truncater;
      GRANT CREATE ON SCHEMA public TO maker; GRANT CREATE ON DATABASE app TO database_maker;
      GRANT pg_write_all_data TO member; GRANT USAGE ON SEQUENCE numbers TO sequencer;
      ALTER ROLE switcher NOINHERIT; GRANT inserter TO switcher;
      REVOKE SELECT ON customers FROM filtered;
      ANALYZE;`);
  });
  afterAll(() => server?.stop());

  const schemaAs = async (user: string, more: object = {}): Promise<DatabaseSchema> => {
    const engine = await openAs(server, { user, password, ...more });
    await engine.close();
    return engine.opened.schema;
  };
  const constraintsOf = ({ tables }: DatabaseSchema): readonly unknown[] =>
    tables.map(({ name, constraints }) => [name, constraints]);

  describe('that only reads', () => {
    it('sees the constraints that the owner sees', async () => {
      const read = await schemaAs('reader');
      const owned = await schemaAs('keeper', { writable_role: 'accept' });
      expect(constraintsOf(read)).toEqual(constraintsOf(owned));
      expect(read.role).toEqual({ name: 'reader', can_write: false, found: [] });
      const items = read.tables.find(({ name }) => name === 'items');
      expect(items?.constraints).toEqual([
        { kind: 'primary_key', columns: ['place', 'number', 'day'] },
        // An index of expressions or of some rows makes nothing unique.
        { kind: 'unique', columns: ['code'] },
        {
          kind: 'foreign_key',
          columns: ['day', 'number'],
          references: { table: 'orders', columns: ['day', 'number'] },
        },
      ]);
    });

    it('is told of tables that it may not read, never that they are not there', async () => {
      const { tables, not_visible } = await schemaAs('reader');
      expect(tables.map(({ name }) => name)).toEqual(['customers', 'items', 'orders', 'own_rows']);
      expect(not_visible).toContainEqual({
        what: 'table',
        name: 'hidden.secrets',
        detail: expect.stringContaining(
          'GRANT USAGE ON SCHEMA "hidden" TO "reader"; GRANT SELECT ON "hidden"."secrets" TO "reader"',
        ) as string,
      });
      // Thirty tables of one schema are told at once.
      expect(not_visible.filter(({ name }) => name.startsWith('crowd'))).toEqual([
        {
          what: 'table',
          name: 'crowd',
          tables: expect.arrayContaining(['crowd.t1', 'crowd.t30']) as string[],
          detail: expect.stringMatching(/none of 30 tables.*SELECT ON ALL TABLES IN SCHEMA "crowd"/) as string,
        },
      ]);
      // And the words of the grant are right ones.
      await server.run('GRANT USAGE ON SCHEMA "hidden" TO "reader"; GRANT SELECT ON "hidden"."secrets" TO "reader"');
      expect((await schemaAs('reader')).tables.map(({ name }) => name)).toContain('hidden.secrets');
    });

    it('has the columns that it may read, and is told of the others and their keys', async () => {
      const { tables, not_visible } = await schemaAs('partial');
      expect(tables).toHaveLength(1);
      expect(tables[0]).toMatchObject({ name: 'customers', columns: [{ name: 'id' }, { name: 'name' }] });
      expect(not_visible).toContainEqual({
        what: 'columns',
        name: 'customers',
        columns: ['email'],
        detail: expect.stringContaining('GRANT SELECT ("email") ON "public"."customers" TO "partial"') as string,
      });
      await server.run('ALTER TABLE customers ADD CONSTRAINT by_mail UNIQUE (email)');
      expect((await schemaAs('partial')).not_visible).toContainEqual({
        what: 'constraints',
        name: 'customers',
        detail: expect.stringContaining('unique (email)') as string,
      });
    });

    it('is told where row-level security keeps rows and statistics from it', async () => {
      expect((await schemaAs('filtered')).not_visible).toContainEqual({
        what: 'statistics',
        name: 'own_rows',
        detail: expect.stringContaining('BYPASSRLS') as string,
      });
    });

    it('and may read nothing hears so, with the grants that would change it', async () => {
      expect(await outcomeOf(openAs(server, { user: 'nothing', password }))).toMatch(
        /^DATABASE_EMPTY: Role nothing may read no table of database app.*GRANT SELECT ON /s,
      );
      await server.run('CREATE DATABASE bare', 'postgres');
      await server.run('REVOKE CREATE ON SCHEMA public FROM PUBLIC', 'bare');
      expect(await outcomeOf(openAs(server, { user: 'nothing', password, database: 'bare' }))).toMatch(
        /^DATABASE_EMPTY: Database bare has no table/,
      );
    });
  });

  describe('that can write', () => {
    it.each([
      ['owner', 'superuser'],
      ['keeper', 'ownership of public.customers'],
      ['inserter', 'INSERT on public.orders'],
      ['updater', 'UPDATE on public.customers'],
      ['truncater', 'TRUNCATE on public.items'],
      ['maker', 'CREATE on schema public'],
      ['database_maker', 'CREATE on the database'],
      ['member', 'membership in pg_write_all_data'],
      ['sequencer', 'USAGE on public.numbers'],
      // It does not inherit the privilege, and could take it with SET ROLE.
      ['switcher', 'INSERT on public.orders'],
    ])('is refused as %s for %s, and told how to make one that cannot', async (user, found) => {
      const secret = user === 'owner' ? postgresPassword : password;
      const outcome = await outcomeOf(openAs(server, { user, password: secret }));
      expect(outcome).toMatch(/^DATABASE_WRITABLE: Role /);
      expect(outcome).toContain(found);
      expect(outcome).toContain('GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO surveyor;');
      expect(outcome).toContain('?writable_role=accept');
      expect(outcome).not.toContain(secret);
    });

    it('is let through where that is accepted, recorded as such, and cannot write even so', async () => {
      const engine = await openAs(server, { user: 'keeper', password, writable_role: 'accept' });
      expect(engine.opened.schema.role).toMatchObject({
        name: 'keeper',
        can_write: true,
        found: expect.arrayContaining(['INSERT on public.customers', 'DELETE on 1 more']) as string[],
      });
      expect(await outcomeOf(engine.run('DELETE FROM customers', limits))).toMatch(/^STATEMENT_REFUSED/);
      expect((await engine.run('SELECT count(*) FROM customers', limits)).values).toEqual([[50]]);
      await engine.close();
    });

    it('and follows the printed statements has a role that is taken', async () => {
      const outcome = await outcomeOf(openAs(server, { user: 'keeper', password }));
      const script = [...outcome.matchAll(/^ {2}(.*;)$/gm)].map(([, statement]) => statement).join('\n');
      await server.run(script.replace("'…'", "'made as told'"));
      const engine = await openAs(server, { user: 'surveyor', password: 'made as told' });
      expect(engine.opened.schema.role?.can_write).toBe(false);
      await engine.close();
    });

    it('is not one that may make temporary tables, as everybody may', async () => {
      await server.run('GRANT TEMPORARY ON DATABASE app TO reader');
      expect((await schemaAs('reader')).role?.can_write).toBe(false);
    });
  });

  describe('is tried outside read-only mode', () => {
    it('which shows what it may, and changes nothing', async () => {
      const connection = await connect(targetOf(server, { user: 'keeper', password }));
      const count = () => connection.ask(z.object({ n: z.string() }), 'SELECT count(*) AS n FROM customers');
      const before = await count();
      expect((await tryWriting(connection)).map((found) => found.split(',')[0])).toEqual(
        expect.arrayContaining(['DELETE on public.customers', 'INSERT on public.customers', 'UPDATE on public.items']),
      );
      expect(await count()).toEqual(before);
      connection.destroy();
    });

    it('which shows nothing of one that only reads', async () => {
      const connection = await connect(targetOf(server, { user: 'reader', password }));
      expect(await tryWriting(connection)).toEqual([]);
      expect((await findRole(connection)).role).toEqual({ name: 'reader', can_write: false, found: [] });
      connection.destroy();
    });

    it('and waits for no table that another session has locked', async () => {
      const locking = await connect(targetOf(server));
      await locking.client.query('BEGIN; LOCK TABLE customers IN ACCESS EXCLUSIVE MODE');
      const connection = await connect(targetOf(server, { user: 'keeper', password }));
      const found = await tryWriting(connection);
      expect(found.some((one) => one.startsWith('DELETE on public.orders'))).toBe(true);
      expect(found.some((one) => one.includes('public.customers'))).toBe(false);
      locking.destroy();
      connection.destroy();
    });
  });
});
