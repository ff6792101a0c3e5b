import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../support/is-missing.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { type SurveyedDatabase, surveyDatabase } from '../support/survey-database.ts';

/** A type of an extension, as pgvector and PostGIS make theirs: a text inside. */
const imitated = (schema: string, type: string): string => `
  CREATE TYPE ${schema}.${type};
  CREATE FUNCTION ${schema}.${type}_in(cstring) RETURNS ${schema}.${type} LANGUAGE internal IMMUTABLE STRICT AS 'textin';
  CREATE FUNCTION ${schema}.${type}_out(${schema}.${type}) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
  CREATE TYPE ${schema}.${type} (INPUT = ${schema}.${type}_in, OUTPUT = ${schema}.${type}_out, INTERNALLENGTH = variable, STORAGE = extended);`;

describe.skipIf(isMissing('postgres'))(
  'a survey of columns whose types are of extensions, or the database’s own',
  () => {
    let server: PostgresServer;
    let local: LocalService;
    let survey: SurveyedDatabase;
    beforeAll(async () => {
      [server, local] = await Promise.all([startPostgres(), startLocalService()]);
      await server.run(`
      CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;
      CREATE EXTENSION hstore; CREATE EXTENSION ltree; CREATE EXTENSION cube; CREATE EXTENSION isn;
      ${imitated('extensions', 'vector')} ${imitated('public', 'geometry')}
      CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE TYPE pair AS (a int, b text);
      CREATE DOMAIN moodish AS mood; CREATE DOMAIN word AS extensions.citext CHECK (VALUE <> ''); CREATE DOMAIN words AS word[];
      CREATE TABLE odd (id int PRIMARY KEY, w word, e mood, ed moodish, h hstore, l ltree, q cube, i isbn, v extensions.vector,
        g geometry, p pair, r int4range, mr int4multirange, ws words, es mood[], hs hstore[], gs geometry[], rs int4range[]);
      INSERT INTO odd SELECT i, (ARRAY['Oak','oak','OAK','Elm','elm'])[1 + i % 5], (ARRAY['sad','ok','happy'])[1 + i % 3]::mood,
        'ok', 'a=>1', 'a.b', '(1,2)', '978-0-393-04002-9', '[1,2]', 'POINT(1 1)', ROW(i, 'x')::pair, int4range(i, i + 2), '{[1,3),[5,7)}',
        ARRAY['A', 'a']::words, ARRAY['ok']::mood[], ARRAY['a=>1']::hstore[], ARRAY['X']::geometry[], ARRAY['[1,2)']::int4range[]
        FROM generate_series(1, 50) i;
      CREATE TABLE plants (code extensions.citext PRIMARY KEY, name extensions.citext NOT NULL);
      INSERT INTO plants SELECT 'P' || i, 'plant ' || i FROM generate_series(1, 40) i; INSERT INTO plants VALUES ('É9', 'Plant 1');
      CREATE TABLE sightings (id int PRIMARY KEY, plant_code extensions.citext REFERENCES plants, noted text);
      INSERT INTO sightings SELECT i, 'p' || i % 40 + 1, 'P1' FROM generate_series(1, 80) i; INSERT INTO sightings VALUES (99, 'é9', 'P2');
      CREATE ROLE reader LOGIN PASSWORD 'r'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; GRANT USAGE ON SCHEMA extensions TO reader`);
      survey = await surveyDatabase(local, server.url('app', 'reader', 'r'));
    });
    afterAll(async () => {
      await local?.close();
      await server?.stop();
    });

    const columnOf = (table: string, name: string) => {
      const found = survey.profile.tables.find((one) => one.table === table)?.columns.find((one) => one.name === name);
      if (found === undefined) throw new Error(`There is no ${table}.${name}`);
      return found;
    };

    it('measures every table', () => {
      expect(survey.failed).toEqual({});
      expect(survey.profile.tables.map(({ table, rows }) => [table, rows.count])).toEqual([
        ['odd', 50],
        ['plants', 41],
        ['sightings', 81],
      ]);
    });

    it('counts citext as its type compares it, and says so', () => {
      expect(columnOf('odd', 'w').distinct?.count).toBe(2);
      expect(columnOf('odd', 'w').top_values?.values).toEqual([
        { value: 'OAK', count: 30 },
        { value: 'Elm', count: 20 },
      ]);
      expect(columnOf('plants', 'name').distinct?.count).toBe(40);
      const notes = survey.profile.tables.map(({ schema }) =>
        schema.notes?.map(({ columns, detail }) => [columns, detail]),
      );
      expect(notes).toEqual([
        [[['w'], expect.stringContaining('citext')]],
        [[['code', 'name'], expect.stringContaining('citext')]],
        [[['plant_code'], expect.stringContaining('citext')]],
      ]);
    });

    it('finds a row by a key of citext whatever its case, and never calls an enforced reference broken', () => {
      expect(survey.findings.filter(({ rule }) => rule === 'orphan')).toEqual([]);
    });

    it.each([
      ['e', 'text', 3],
      ['ed', 'text', 1],
      ['r', 'other', 50],
    ])('counts the values of %s', (name, kind, distinct) => {
      expect(columnOf('odd', name)).toMatchObject({ kind, distinct: { count: distinct } });
    });

    it.each(['h', 'l', 'q', 'i', 'v', 'g', 'p', 'mr', 'ws', 'es', 'hs', 'gs', 'rs'])(
      'counts of %s what is missing alone: nothing says what makes two of its values one',
      (name) => {
        const { kind, nulls, distinct, range, top_values } = columnOf('odd', name);
        expect([kind, nulls.count, distinct, range, top_values]).toEqual(['other', 0, undefined, undefined, undefined]);
      },
    );
  },
);
