import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMysql } from '../../../../runner-task/supervisor/engines/mysql/open-mysql.ts';
import { createMysqlParser } from '../../../../runner-task/supervisor/engines/mysql/policy/mysql-parser.ts';
import { mysqlFunctionNames } from '../../../../runner-task/supervisor/engines/mysql/policy/mysql-functions.ts';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { quoteName } from '../../../../src/domain/sql-name.ts';
import { mysqlNames } from '../../../../src/domain/engines/mysql/names.ts';
import { profileWith } from '../../../domain/profile/profile-with.ts';
import { plainColumns, statementsAbout, suspiciousTables } from '../../../domain/rules/suspicious-table.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startMariadb, type MariadbServer } from '../../../support/mariadb-server.ts';
import { tablesOfEveryType } from '../../../support/tables-of-every-type.ts';
import { policyPython } from '../../policy/policy-python.ts';
import { limits, targetOn } from './mysql-target.ts';

const { columns, rows } = tablesOfEveryType.mysql;
const named = mysqlNames.quoteName;
const declared = [...columns, ...plainColumns.mysql].map(([name, type]) => `${named(name)} ${type}`).join(', ');
const tables = [
  ...['odd', 'also_odd'].flatMap((table) => [
    `CREATE TABLE ${table} (${declared})`,
    ...rows.map(
      (row) =>
        `INSERT INTO ${table} (${Object.keys(row).map(named).join(', ')}) VALUES (${Object.values(row).join(', ')})`,
    ),
  ]),
  'CREATE TABLE gone (id INT)',
].join(';\n');

/** A function of every listed name, each of which ends the statement that calls it; what is a word of the grammar alone cannot be made. */
const ownFunctions = [...mysqlFunctionNames].map(
  (name) =>
    `CREATE FUNCTION ${named(name)}(x TEXT) RETURNS TEXT DETERMINISTIC BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'captured'; RETURN x; END`,
);

describe.skipIf(isMissing('mariadb'))('a database of MariaDB with functions of listed names', () => {
  let server: MariadbServer;
  let plain: OpenEngine;
  let own: OpenEngine;
  const open = async (database: string): Promise<OpenEngine> =>
    openMysql(targetOn(server.port, { database }), createMysqlParser(await policyPython()));

  beforeAll(async () => {
    server = await startMariadb();
    await server.run('CREATE DATABASE plain; CREATE DATABASE own');
    for (const database of ['plain', 'own']) await server.run(tables, database);
    let made = 0;
    for (const sql of ownFunctions)
      await server.run(sql, 'own').then(
        () => (made += 1),
        () => undefined,
      );
    // Without them there is nothing to be captured by.
    if (made < 200) throw new Error(`${made} functions could be made`);
    await server.run(
      `CREATE FUNCTION shout(word TEXT) RETURNS TEXT DETERMINISTIC RETURN UPPER(word);
       CREATE VIEW seen AS SELECT id, shout(CONCAT('v', id)) AS word FROM gone;
       CREATE VIEW broken AS SELECT id, shout('x') AS word FROM gone; INSERT INTO gone VALUES (1)`,
      'own',
    );
    plain = await open('plain');
    own = await open('own');
  }, 120_000);
  afterAll(async () => {
    await plain?.close();
    await own?.close();
    await server?.stop();
  });

  const surveyed = async (engine: OpenEngine): Promise<Readonly<Record<string, unknown>>> => {
    const answers: Record<string, unknown> = {};
    for (const name of ['odd', 'also_odd']) {
      const schema = engine.opened.schema.tables.find((table) => table.name === name);
      if (schema === undefined) throw new Error(`${name} is not there`);
      const {
        statements: _,
        milliseconds: __,
        ...profile
      } = await profileWith('mysql', schema, (sql) => engine.run(sql, limits, 'surveyor'));
      answers[name] = profile;
    }
    const asked = [columns, plainColumns.mysql].map((some) =>
      statementsAbout('mysql', suspiciousTables('mysql', some, 'groups')),
    );
    const checks = asked.flatMap((one) => one.checks.flatMap(({ check }) => check ?? []));
    for (const sql of new Set([...asked.flatMap((one) => one.statements), ...checks]))
      answers[sql] = await engine.run(sql, limits, 'surveyor').then(
        ({ values }) => values,
        (error: unknown) => String(error),
      );
    return answers;
  };

  it('is measured and checked as one without them', async () => {
    const [expected, found] = [await surveyed(plain), await surveyed(own)];
    const differing = Object.keys(expected).filter(
      (key) => JSON.stringify(found[key]) !== JSON.stringify(expected[key]),
    );
    // What is asked with the present time in it may come out otherwise a moment later.
    expect(differing.filter((sql) => !/now\(|unix_timestamp\(\)|current_timestamp|utc_timestamp/i.test(sql))).toEqual(
      [],
    );
    expect(JSON.stringify(found)).not.toContain('captured');
  }, 240_000);

  it('is read by statements in which built-in names are what they are anywhere, and no function of its own is called', async () => {
    const answer = (sql: string): Promise<unknown> =>
      own.run(sql, limits).then(
        ({ values }) => values,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
    const answers: Readonly<Record<string, unknown>> = {
      "SELECT UPPER('a'), ROUND(1.25, 1), CONCAT('a', 'b'), COALESCE(NULL, 2)": [['A'], ['1.3'], ['ab'], [2]],
      'SELECT COUNT(*), MAX(id) FROM gone': [[1], [1]],
      'SELECT word FROM seen': [['V1']],
    };
    for (const [sql, expected] of Object.entries(answers)) expect([sql, await answer(sql)]).toEqual([sql, expected]);
    const ofOwn: unknown = expect.stringMatching(
      /^Rule "functions": \w+\(\) is a function of this database’s own here/,
    );
    // MariaDB has none of these, MySQL has.
    for (const name of ['any_value', 'regexp_like', 'uuid_to_bin', 'to_vector'])
      expect([name, await answer(`SELECT ${name}('x')`)]).toEqual([name, ofOwn]);
    // In quotes it is no word of the grammar.
    for (const name of ['avg', 'upper', 'date', 'coalesce'])
      expect([name, await answer(`SELECT ${named(name)}('x')`)]).toEqual([name, ofOwn]);
    for (const sql of ["SELECT app.upper('a')", "SELECT own.upper('a')", "SELECT `upper`('a')", "SELECT shout('a')"])
      expect([sql, await answer(sql)]).toEqual([sql, expect.not.stringContaining('captured')]);
  });

  it('runs none of them, whichever name is called', async () => {
    for (const name of mysqlFunctionNames) {
      for (const sql of [`SELECT ${name}('x')`, `SELECT ${quoteName(name)}('x')`, `SELECT ${named(name)}('x')`]) {
        const text = await own.run(sql, limits).then(
          ({ values }) => JSON.stringify(values),
          (error: unknown) => String(error),
        );
        expect([sql, text]).toEqual([sql, expect.not.stringContaining('captured')]);
      }
    }
  }, 240_000);
});
