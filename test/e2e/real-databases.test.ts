import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Report } from '../../src/contracts/report.ts';
import { isMissing } from '../support/is-missing.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { realDataPath } from '../support/real-databases.ts';

const csvField = (value: unknown): string => {
  if (value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[",\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text;
};

describe.skipIf(isMissing('data'))('a real database', () => {
  let local: LocalService;
  let report: Report;
  let csv: string;
  const rowsOf = new Map<string, number>();

  beforeAll(async () => {
    csv = mkdtempSync(join(tmpdir(), 'surveyor-chinook-'));
    mkdirSync(csv, { recursive: true });
    const database = new DatabaseSync(realDataPath('chinook', 'Chinook_Sqlite.sqlite'), { readOnly: true });
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all();
    for (const { name } of tables) {
      const rows = database.prepare(`SELECT * FROM "${String(name)}"`).all();
      const columns = Object.keys(rows[0] ?? {});
      const lines = rows.map((row) => columns.map((column) => csvField(row[column])).join(','));
      writeFileSync(join(csv, `${String(name)}.csv`), `${[columns.join(','), ...lines].join('\n')}\n`);
      rowsOf.set(String(name), rows.length);
    }
    database.close();
    local = await startLocalService();
    const { run_id } = await local.api.createCatalog({ db_conn_string: `file://${csv}`, s3_prefix: 'reports/chinook' });
    await local.ended(run_id);
    report = Report.parse(await local.api.readReport({ id: run_id, agent: 'cataloging' }));
  });
  afterAll(async () => {
    await local?.close();
    if (csv !== undefined) rmSync(csv, { recursive: true, force: true });
  });

  it('is measured whole: every table with every row', () => {
    const measured = new Map(report.profile?.databases[0]?.tables.map(({ table, rows }) => [table, rows.count]));
    expect(measured).toEqual(rowsOf);
    expect([...rowsOf.values()].reduce((sum, rows) => sum + rows, 0)).toBe(15_607);
    expect(report.profile?.databases[0]?.failed).toEqual([]);
  });

  it('whose references all hold is not said to have broken ones', () => {
    expect(report.findings?.filter(({ rule }) => rule === 'orphan')).toEqual([]);
    expect(report.relationships?.length).toBeGreaterThan(5);
  });
});
