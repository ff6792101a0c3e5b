import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../support/is-missing.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { type MariadbServer, startMariadb } from '../support/mariadb-server.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { type SurveyedDatabase, surveyDatabase } from '../support/survey-database.ts';

/** What of each text column is shown and how many values it has, by column. */
const textsOf = ({ profile }: SurveyedDatabase, table: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    (profile.tables.find((one) => one.table === table)?.columns ?? [])
      .filter(({ kind }) => kind === 'text')
      .map(({ name, distinct, top_values }) => [name, [distinct?.count, top_values?.values[0]?.value]]),
  );

const notesOf = ({ profile }: SurveyedDatabase, table: string): string =>
  JSON.stringify(profile.tables.find((one) => one.table === table)?.schema.notes);

describe.skipIf(isMissing('postgres', 'mariadb'))('a survey of texts in another encoding than UTF-8', () => {
  let postgres: PostgresServer;
  let mariadb: MariadbServer;
  let local: LocalService;
  beforeAll(async () => {
    [postgres, mariadb, local] = await Promise.all([startPostgres(), startMariadb(), startLocalService()]);
    await postgres.run(`CREATE ROLE reader LOGIN PASSWORD 'r'`);
  });
  afterAll(async () => {
    await local?.close();
    await Promise.all([postgres?.stop(), mariadb?.stop()]);
  });

  it.each([
    // 0x81 is no character of Windows-1252; of the 6,879 places of JIS some are empty, as row 9 is; nor is 0x81 one of Thai.
    ['WIN1252', String.raw`'\x4181'`, String.raw`'\x80e9'`, '€é', /^A\u0081$/],
    ['EUC_JP', String.raw`'\x41a9a1'`, String.raw`'\xc6fccbdc'`, '日本', /^A\ufffd+$/],
    ['EUC_KR', String.raw`'\x41fea1'`, String.raw`'\xb0a1'`, '가', /^A.+$/],
    ['WIN874', String.raw`'\x41db'`, String.raw`'\xa1'`, 'ก', /^A.$/],
    ['LATIN2', String.raw`'\x4185'`, String.raw`'\xb1'`, 'ą', /^A.$/],
  ])('measures a PostgreSQL database in %s, with what of it has no UTF-8', async (encoding, bad, good, shown, odd) => {
    const database = `in_${encoding.toLowerCase()}`;
    await postgres.run(`CREATE DATABASE ${database} ENCODING '${encoding}' LOCALE 'C' TEMPLATE template0`, 'postgres');
    await postgres.run(
      `CREATE TABLE t AS SELECT i AS id, convert_from(${bad}::bytea, '${encoding}') AS bad, convert_from(${good}::bytea, '${encoding}') AS good, 'plain ' || i AS plain
         FROM generate_series(1, 40) i; GRANT SELECT ON t TO reader`,
      database,
    );
    const survey = await surveyDatabase(local, postgres.url(database, 'reader', 'r'));
    expect(survey.failed).toEqual({});
    expect(textsOf(survey, 't')).toEqual({
      bad: [1, expect.stringMatching(odd)],
      good: [1, shown],
      plain: [40, expect.stringMatching(/^plain \d+$/)],
    });
    expect(notesOf(survey, 't')).toContain(`The encoding of the database is ${encoding}.`);
  });

  it('reads columns of MariaDB each in its character set, and says where UTF-8 may stand in one of latin1', async () => {
    const sets = [
      'latin1',
      'utf8mb3',
      'ucs2',
      'utf16',
      'utf32',
      'cp1251',
      'sjis',
      'ujis',
      'gbk',
      'big5',
      'euckr',
      'ascii',
    ];
    const words: Readonly<Record<string, string>> = {
      latin1: 'é',
      utf8mb3: '€',
      ucs2: 'é',
      utf16: '😀',
      utf32: 'é',
      cp1251: 'д',
      sjis: '日',
      ujis: '日',
      gbk: '日',
      big5: '日',
      euckr: '가',
      ascii: 'x',
    };
    await mariadb.run(`
      CREATE TABLE t (id INT PRIMARY KEY, ${sets.map((set) => `c_${set} VARCHAR(9) CHARACTER SET ${set}`).join(', ')}, raw VARBINARY(9));
      INSERT INTO t SELECT seq, ${sets.map((set) => `'${words[set]}'`).join(', ')}, unhex('c3a9ff') FROM seq_1_to_30;
      CREATE TABLE old (id INT PRIMARY KEY, name VARCHAR(40) CHARACTER SET latin1);
      INSERT INTO old SELECT seq, convert(cast('Zoë' AS BINARY) USING latin1) FROM seq_1_to_30;
      CREATE USER reader@'%' IDENTIFIED BY 'r'; GRANT SELECT ON app.* TO reader@'%'`);
    const survey = await surveyDatabase(local, mariadb.url('app', 'reader', 'r'));
    expect(survey.failed).toEqual({});
    expect(textsOf(survey, 't')).toEqual(Object.fromEntries(sets.map((set) => [`c_${set}`, [1, words[set]]])));
    expect(textsOf(survey, 'old')).toEqual({ name: [1, 'ZoÃ«'] });
    expect(notesOf(survey, 'old')).toMatch(/"columns":\["name"\].*latin1.*UTF-8/);
  });
});
