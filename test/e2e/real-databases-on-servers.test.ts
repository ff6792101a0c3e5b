import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Report } from '../../src/contracts/report.ts';
import { isMissing, needsOf } from '../support/is-missing.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { startMariadb } from '../support/mariadb-server.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { type RealDatabase, readRealDatabase } from '../support/real-databases.ts';
import { grantReader } from '../support/server-session.ts';

const start = { postgres: startPostgres, mysql: startMariadb };

const samples = [
  { name: 'chinook', engine: 'postgres', read: () => readRealDatabase('chinook', 'postgres'), references: 11 },
  { name: 'northwind', engine: 'postgres', read: () => readRealDatabase('northwind', 'postgres'), references: 11 },
  { name: 'chinook', engine: 'mysql', read: () => readRealDatabase('chinook', 'mysql'), references: 11 },
] as const;

/** `invoice_line` as `InvoiceLine`: the script for MySQL has names of its own. */
const camelCase = (name: string): string =>
  name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());

describe.each(samples)('$name in $engine', ({ name, engine, read, references }) => {
  const nameOf = engine === 'mysql' ? camelCase : (text: string): string => text;

  describe.skipIf(isMissing('data', ...needsOf[engine]))('surveyed through a role that may only read', () => {
    let server: Awaited<ReturnType<(typeof start)[typeof engine]>>;
    let local: LocalService;
    let report: Report;
    let truth: RealDatabase['truth'];

    beforeAll(async () => {
      const real = read();
      truth = real.truth;
      server = await start[engine]();
      await server.run(`create database ${name}`);
      await server.run(real.script, name);
      await server.run(grantReader(engine, name), name);
      local = await startLocalService();
      const { run_id } = await local.api.createCatalog({
        db_conn_string: server.url(name, 'reader', 'reads only'),
        s3_prefix: `real/${name}`,
      });
      const run = await local.ended(run_id);
      if (run.status !== 'succeeded') throw new Error(`the run ended ${run.status}: ${run.failure?.message}`);
      report = Report.parse(await local.api.readReport({ id: run_id, agent: 'cataloging' }));
    }, 240_000);
    afterAll(async () => {
      await local?.close();
      await server?.stop();
    });

    it('is measured whole: every table with every row', () => {
      const [database] = report.profile?.databases ?? [];
      expect(database?.failed).toEqual([]);
      expect(new Map(database?.tables.map(({ table, rows }) => [table, rows.count]))).toEqual(
        new Map(truth.tables.map((table) => [nameOf(table.name), table.rows])),
      );
    });

    it('shows all its foreign keys to a role that has nothing but SELECT', () => {
      const found = (report.profile?.databases[0]?.tables ?? []).flatMap(({ table, schema }) =>
        schema.constraints.flatMap(({ kind, columns, references: target }) =>
          kind === 'foreign_key' ? [`${table}(${columns.join()})→${target?.table}(${target?.columns.join()})`] : [],
        ),
      );
      const wanted = truth.foreign_keys.map(({ table, columns, ref_table, ref_columns }) => {
        const target = `${nameOf(ref_table)}(${ref_columns.map(nameOf).join()})`;
        return `${nameOf(table)}(${columns.map(nameOf).join()})→${target}`;
      });
      expect(wanted.length).toBeGreaterThan(5);
      expect(found.toSorted()).toEqual(wanted.toSorted());
    });

    it('is said to hold its references, as many as are declared and filled, and to break none', () => {
      const { relationships = [], findings = [] } = report;
      expect(relationships.filter(({ basis, rows = 0 }) => basis === 'declared' && rows > 0)).toHaveLength(references);
      expect(relationships.filter(({ orphans = 0 }) => orphans > 0)).toEqual([]);
      expect(findings.filter(({ rule }) => rule === 'orphan')).toEqual([]);
    });

    it('has no finding that a data team would laugh at', () => {
      const { findings = [] } = report;
      // Postal codes are no keys, prices of 1.99 no placeholders, and a late shipment no contradiction.
      expect(findings.filter(({ rule }) => /placeholder|before-parent|reversed-times/.test(rule))).toEqual([]);
      const ofPostalCodes = findings.filter(({ place }) => place.columns.some((name) => /postal_?code/i.test(name)));
      expect(ofPostalCodes.filter(({ rule }) => rule === 'duplicate-key')).toEqual([]);
      expect(ofPostalCodes.map(({ place }) => place.part).join()).not.toMatch(/telephone|network/);
      expect(findings.filter(({ severity }) => severity === 'high')).toEqual([]);
      expect(report.not_looked_at).toEqual([]);
    });

    it('is looked at without a statement that fails', () => {
      expect(report.evidence.filter(({ verdict }) => verdict !== 'ran')).toEqual([]);
    });
  });
});
