import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import type { ResultTable } from '../../../../src/contracts/sandbox.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startPostgres, type PostgresServer } from '../../../support/postgres-server.ts';
import { tablesOfEveryType } from '../../../support/tables-of-every-type.ts';
import { profileWith } from '../../../domain/profile/profile-with.ts';
import { plainColumns, statementsAbout, suspiciousTables } from '../../../domain/rules/suspicious-table.ts';
import { ownNames } from './own-names.ts';
import { openAs, targetOf } from './postgres-target.ts';
import * as z from 'zod';
import { connect } from '../../../../runner-task/supervisor/engines/postgres/connect.ts';
import { inTransaction, searchPathOf } from '../../../../runner-task/supervisor/engines/postgres/session.ts';
import { readOwnNames } from '../../../../runner-task/supervisor/engines/postgres/read-own-names.ts';

const { before, columns, rows } = tablesOfEveryType.postgres;
const declared = [...columns, ...plainColumns.postgres].map(([name, type]) => `"${name}" ${type}`).join(', ');

/** The same tables in every database: of every type, without a key, and called like relations of the system. */
const tables = [
  ...before,
  ...['odd', 'also_odd'].map((name) => `CREATE TABLE ${name} (${declared})`),
  ...rows.flatMap((row) => {
    const values = `(${Object.keys(row)
      .map((name) => `"${name}"`)
      .join(', ')}) VALUES (${Object.values(row).join(', ')})`;
    return [`INSERT INTO odd ${values}`, `INSERT INTO also_odd ${values}`];
  }),
  `CREATE TABLE pg_backups (id int, max text, length int)`,
  `INSERT INTO pg_backups SELECT i % 7, 'v' || i % 5, i FROM generate_series(1, 40) i`,
  `CREATE VIEW seen AS SELECT id, upper(max) AS max FROM pg_backups WHERE length > 3`,
  'ANALYZE',
].join(';\n');

const names = ['odd', 'also_odd', 'pg_backups', 'seen'];
const limits = { rows: 1_000, bytes: 10_000_000, seconds: 30 };

/** All that Surveyor sends by itself: what measures the tables, what the rules ask, and the checks they hand over. */
const surveyed = async (engine: OpenEngine): Promise<Readonly<Record<string, unknown>>> => {
  const answers: Record<string, unknown> = {};
  for (const name of names) {
    const schema = engine.opened.schema.tables.find((table) => table.name === name);
    if (schema === undefined) throw new Error(`${name} is not there`);
    const {
      statements: _,
      milliseconds: __,
      ...profile
    } = await profileWith('postgres', schema, (sql) => engine.run(sql, limits));
    answers[name] = profile;
  }
  const asked = (
    [
      [columns, 'keys'],
      [plainColumns.postgres, 'groups'],
    ] as const
  ).map(([some, keys]) => statementsAbout('postgres', suspiciousTables('postgres', some, keys)));
  const checks = asked.flatMap((one) => one.checks.flatMap(({ check }) => check ?? []));
  const statements = [...asked.flatMap((one) => one.statements), ...checks];
  for (const sql of new Set(statements)) {
    const { values }: ResultTable = await engine.run(sql, limits).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${sql}`);
    });
    answers[sql] = values;
  }
  return answers;
};

describe.skipIf(isMissing('postgres'))('a PostgreSQL database with names of its own', () => {
  let server: PostgresServer;
  let expected: Readonly<Record<string, unknown>>;
  const account = { user: 'reader', password: 'only reads' };

  beforeAll(async () => {
    server = await startPostgres();
    await server.run(
      `CREATE ROLE reader LOGIN PASSWORD 'only reads'; ALTER ROLE reader SET search_path TO DEFAULT; GRANT pg_read_all_data TO reader; ${tables}`,
    );
    const plain = await openAs(server, account);
    expected = await surveyed(plain);
    await plain.close();
  }, 120_000);
  afterAll(() => server?.stop());

  /** A database of the same tables, and what it has of its own. */
  const openOwn = async (script: string): Promise<OpenEngine> => {
    await server.run('DROP DATABASE IF EXISTS own WITH (FORCE)', 'postgres');
    await server.run('CREATE DATABASE own', 'postgres');
    await server.run(tables, 'own');
    await server.run(script, 'own');
    return openAs(server, { ...account, database: 'own' });
  };

  it.each(Object.entries(ownNames))(
    'is measured and checked as one without them: %s',
    async (_, script) => {
      const engine = await openOwn(script);
      try {
        const found = await surveyed(engine);
        const differing = Object.keys(expected).filter(
          (key) => JSON.stringify(found[key]) !== JSON.stringify(expected[key]),
        );
        // What is asked with the present time in it may come out otherwise a moment later.
        expect(differing.filter((sql) => !sql.includes('current_timestamp'))).toEqual([]);
      } finally {
        await engine.close();
      }
    },
    120_000,
  );

  it('lets a reader use what extensions compute with, and built-in names as what they are anywhere', async () => {
    const raising = (signature: string, schema = 'public'): string =>
      `CREATE FUNCTION ${schema}.${signature} LANGUAGE plpgsql AS $f$ BEGIN RAISE EXCEPTION 'captured'; END $f$;`;
    const engine = await openOwn(`
      ${ownNames['every extension off the search path'] ?? ''}
      CREATE SCHEMA tools; SET search_path = public, extensions, tools;
      CREATE TABLE mails (id int PRIMARY KEY, email extensions.citext, total int, status text);
      INSERT INTO mails VALUES (1, 'U1@Example.org', 2, 'x'), (2, 'a@example.org', 3, 'y');
      ${raising('spoil(int) RETURNS int')} ${raising('status(mails) RETURNS text')} ${raising('doubled(mails) RETURNS text')}
      ${raising('total(anyelement) RETURNS text')} ${raising('round(float8, int) RETURNS float8')}
      ${raising('similarity(text, text) RETURNS real', 'tools')}
      CREATE FUNCTION priced(numeric) RETURNS numeric LANGUAGE sql AS 'SELECT round($1) FROM mails LIMIT 1';
      CREATE VIEW with_price AS SELECT id, priced(total) FROM mails;
      GRANT USAGE ON SCHEMA tools TO reader; ALTER DATABASE own SET search_path = public, extensions, tools;`);
    const answer = (sql: string): Promise<unknown> =>
      engine.run(sql, limits).then(
        ({ values }) => values,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
    const answers = async (of: Readonly<Record<string, unknown>>): Promise<void> => {
      for (const [sql, expectedAnswer] of Object.entries(of)) {
        expect(await answer(sql)).toEqual(expectedAnswer);
      }
    };
    try {
      // The types of an extension are compared as their extension does: without case.
      await answers({
        "SELECT count(*) FROM mails WHERE email = 'u1@example.ORG'": [[1]],
        'SELECT max(email), min(m.email::citext) FROM mails m': [['U1@Example.org'], ['a@example.org']],
        "SELECT similarity('abc', 'abc'), 'abc' % 'abc', unaccent('é'), 'a.b'::ltree <@ 'a'": [
          [1],
          [true],
          ['e'],
          [true],
        ],
      });
      // A call of a built-in function is one, whatever else is called the same.
      await answers({
        'SELECT round(2.345, 1), round(2.5::float8)': [['2.3'], [2]],
        'SELECT round(2.5::float8, 1)': expect.stringMatching(
          /pg_catalog\.round\(double precision, integer\) does not exist/,
        ),
        'SELECT spoil(1)': expect.stringMatching(/^Rule "functions": spoil\(\) is not one/),
        "SELECT tools.similarity('a', 'b')": expect.stringMatching(/^Rule "functions"/),
        "SELECT * FROM extensions.dblink('host=x', 'SELECT 1') AS t (a int)":
          expect.stringMatching(/^Rule "functions"/),
        'SELECT extensions.gen_random_bytes(4)': expect.stringMatching(/^Rule "functions"/),
      });
      // A column of a table comes before a function that could be called like it.
      await answers({
        'SELECT m.status, m.total, s.total FROM mails m JOIN (SELECT id, total FROM mails) s USING (id) WHERE id = 1': [
          ['x'],
          [2],
          [2],
        ],
        'SELECT c.total FROM pg_class c': expect.stringMatching(/^Rule "functions": \.total may be a call/),
        'SELECT m.doubled FROM mails m': expect.stringMatching(/^Rule "functions": \.doubled may be a call/),
        'SELECT (m).status FROM mails m': expect.stringMatching(/^Rule "functions"/),
        'WITH m AS (SELECT id FROM mails) SELECT m.total FROM m': expect.stringMatching(/^Rule "functions"/),
      });
      // A view's functions find what they are made of, and a table may be called like the system's.
      await answers({
        'SELECT priced FROM with_price ORDER BY id': [['2', '3']],
        'SELECT count(*), count(p.max), min(pg_backups.length) FROM pg_backups p, public.pg_backups': [
          [1600],
          [1600],
          [1],
        ],
      });
    } finally {
      await engine.close();
    }
  }, 60_000);

  it('calls of all extensions of the server only what computes', async () => {
    await server.run('DROP DATABASE IF EXISTS own WITH (FORCE)', 'postgres');
    await server.run('CREATE DATABASE own', 'postgres');
    await server.run(ownNames['every extension off the search path'] ?? '', 'own');
    const connection = await connect(targetOf(server, { database: 'own' }));
    const { own } = await inTransaction(connection, { seconds: 30, searchPath: searchPathOf([]) }, () =>
      readOwnNames(connection, ['public']),
    );
    const rows = await connection.ask(
      z.object({ name: z.string(), extension: z.string() }),
      `SELECT DISTINCT p.proname::text AS name, e.extname::text AS extension FROM pg_proc p
       JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
       JOIN pg_extension e ON e.oid = d.refobjid`,
    );
    connection.destroy();
    const computing = new Set(own.functions.filter(({ computes }) => computes).map(({ name }) => name));
    const lines = [...Map.groupBy(rows, ({ extension }) => extension)]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([extension, found]) => {
        const called = found
          .map(({ name }) => name)
          .filter((name) => computing.has(name))
          .toSorted();
        return `${extension}: ${called.join(' ') || '–'}\n`;
      });
    await expect(lines.join('')).toMatchFileSnapshot('extension-functions.txt');
  }, 60_000);
});
