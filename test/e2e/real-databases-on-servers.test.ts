import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/contracts/report.ts';
import { reportText } from '../planted-flaws.ts';
import { findSampleScript, readSampleScript } from '../support/load-sample-script.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { hasMariadb, startMariadb } from '../support/mariadb-server.ts';
import { hasPostgres, startPostgres } from '../support/postgres-server.ts';
import { type ServerEngine, grantReader } from '../support/server-session.ts';

const start = { postgres: startPostgres, mysql: startMariadb };
const isHere: Readonly<Record<ServerEngine, boolean>> = { postgres: hasPostgres, mysql: hasMariadb };

const samples = [
  { name: 'chinook', engine: 'postgres', path: 'chinook/Chinook_PostgreSql.sql', tables: 11, rows: 15_607, references: 11 },
  { name: 'northwind', engine: 'postgres', path: 'northwind/northwind.sql', tables: 14, rows: 3_362, references: 11 },
  { name: 'chinook', engine: 'mysql', path: 'chinook/Chinook_MySql.sql', tables: 11, rows: 15_607, references: 11 },
] as const; // prettier-ignore

describe.each(samples)('$name in $engine', ({ name, engine, path, tables, rows, references }) => {
  const script = findSampleScript(path);

  describe.skipIf(script === undefined || !isHere[engine])('surveyed through a role that may only read', () => {
    let server: Awaited<ReturnType<(typeof start)[typeof engine]>>;
    let local: LocalService;
    let report: Report;

    beforeAll(async () => {
      server = await start[engine]();
      await server.run(`create database ${name}`);
      await server.run(readSampleScript(script ?? ''), name);
      await server.run(grantReader(engine, name), name);
      local = await startLocalService();
      const { run_id } = await local.api.createCatalog({
        db_conn_string: server.url(name, 'reader', 'reads only'),
        s3_prefix: `real/${name}`,
      });
      const run = await local.ended(run_id);
      if (run.status !== 'succeeded') throw new Error(`the run ended ${run.status}: ${run.failure?.message}`);
      report = await local.api.readReport({ id: run_id, agent: 'cataloging' });
    }, 240_000);
    afterAll(async () => {
      await local?.close();
      await server?.stop();
    });

    it('is measured whole: every table with every row', () => {
      const [database] = report.profile?.databases ?? [];
      expect(database?.failed).toEqual([]);
      expect(database?.tables).toHaveLength(tables);
      expect(database?.tables.reduce((sum, table) => sum + table.rows.count, 0)).toBe(rows);
    });

    it('is said to hold its references, as many as are declared and filled, and to break none', () => {
      const text = reportText(report.body_html);
      expect(text.match(/: 100% of [\d,]+ rows? find/g)).toHaveLength(references);
      expect(text).not.toMatch(/rows that do not exist/);
    });

    it('has no finding that a data team would laugh at', () => {
      const text = reportText(report.body_html);
      // Postal codes are no keys, prices of 1.99 no placeholders, and a late shipment no contradiction.
      expect(text).not.toMatch(/postal_?code occurs more than once|placeholder|is before/i);
      expect(text).not.toMatch(/postal_?code (telephone|network)/i);
      expect(text).not.toMatch(/^Findings › high/m);
    });

    it('is looked at without a statement that fails', () => {
      expect(report.evidence.filter(({ verdict }) => verdict !== 'ran')).toEqual([]);
    });
  });
});
