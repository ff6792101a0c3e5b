import type { OpenEngine } from '../../../runner-task/supervisor/engines/open-engine.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine, type ServerEngine } from '../../../src/contracts/engine.ts';
import { engineSql } from '../../../src/domain/engines/registry.ts';
import { rules } from '../../../src/domain/rules/registry.ts';
import { inProcessSandbox } from '../../support/in-process-sandbox.ts';
import { isMissing, needsOf } from '../../support/is-missing.ts';
import { startMariadb } from '../../support/mariadb-server.ts';
import { startPostgres } from '../../support/postgres-server.ts';
import { makeSqliteFile } from '../../support/sqlite-file.ts';
import { openServerSession } from '../../support/server-session.ts';
import { tablesOfEveryType } from '../../support/tables-of-every-type.ts';
import { plainColumns, statementsAbout, suspiciousTables } from './suspicious-table.ts';

/** Where statements of one engine run. */
type Place = { run(script: string): Promise<unknown>; ask(sql: string): Promise<unknown>; close(): Promise<void> };

const onServer = async (engine: ServerEngine): Promise<Place> => {
  const server = await (engine === 'postgres' ? startPostgres() : startMariadb());
  const session = await openServerSession(engine, server.url());
  return {
    run: (script) => session.run(script),
    ask: (sql) => session.query(sql),
    close: async () => {
      await session.end();
      await server.stop();
    },
  };
};

const places: Readonly<Record<Engine, () => Promise<Place>>> = {
  duckdb: async () => {
    const { query } = await inProcessSandbox();
    return { run: query, ask: query, close: async () => {} };
  },
  sqlite: async () => {
    const file = makeSqliteFile();
    let engine: OpenEngine | undefined;
    return {
      run: async (script) => file.write(script),
      // As a sandbox runs it: with its functions, and judged.
      ask: async (sql) => (engine ??= await file.open()).run(sql, { rows: 100, bytes: 1_000_000, seconds: 30 }),
      close: async () => {
        await engine?.close();
        file.remove();
      },
    };
  },
  postgres: () => onServer('postgres'),
  mysql: () => onServer('mysql'),
};

describe.each(Engine.options)('on %s', (engine) => {
  describe.skipIf(isMissing(...needsOf[engine]))('what the rules ask', () => {
    const odd = tablesOfEveryType[engine];
    let place: Place;

    beforeAll(async () => {
      const { quoteName } = engineSql[engine].names;
      place = await places[engine]();
      for (const statement of odd.before) await place.run(statement);
      for (const table of ['odd', 'also_odd']) {
        const declared = [...odd.columns, ...plainColumns[engine]].map(([name, type]) => `${quoteName(name)} ${type}`);
        await place.run(`create table ${table} (${declared.join(', ')})`);
        for (const row of odd.rows) {
          const names = Object.keys(row).map(quoteName);
          await place.run(`insert into ${table} (${names.join(', ')}) values (${Object.values(row).join(', ')})`);
        }
      }
    }, 120_000);
    afterAll(() => place?.close());

    const about = (columns: typeof odd.columns) =>
      (['keys', 'groups'] as const).map((keys) => statementsAbout(engine, suspiciousTables(engine, columns, keys)));

    it('runs on every type, whatever stands beside it, and so does every check', async () => {
      const pairs = odd.columns.flatMap((a, index) => odd.columns.slice(index).map((b) => [...new Set([a, b])]));
      const kindOf = new Map(
        suspiciousTables(engine, odd.columns, 'keys')[0]?.columns.map(({ name, kind }) => [name, kind]),
      );
      const alike = pairs.filter((pair) => new Set(pair.map(([name]) => kindOf.get(name))).size === 1);
      const asked = [...alike, odd.columns, plainColumns[engine]].flatMap((columns) => about(columns));
      const statements = new Set(asked.flatMap((one) => one.statements));
      const checks = new Set(asked.flatMap((one) => one.checks.flatMap(({ check }) => check ?? [])));
      const failed: string[] = [];
      for (const sql of [...statements, ...[...checks].map((check) => `select count(*) from (${check}) t`)]) {
        await place.ask(sql).catch((error: unknown) => failed.push(`${String(error)}\n${sql}`));
      }
      console.log(
        `${engine}: ${statements.size} statements and ${checks.size} checks over ${odd.columns.length} types`,
      );
      expect(failed).toEqual([]);
      expect(statements.size).toBeGreaterThan(100);
    }, 240_000);

    it('leaves no rule out', () => {
      const seen = new Set(about(plainColumns[engine]).flatMap(({ checks }) => checks.map(({ rule }) => rule)));
      // A rule of facts alone has no finding, and personal data no check.
      const withCheck = rules
        .filter(({ id, severity }) => id !== 'personal-data' && Object.keys(severity).length > 0)
        .map(({ id }) => id);
      expect(withCheck.filter((id) => !seen.has(id))).toEqual([]);
    });
  });
});
