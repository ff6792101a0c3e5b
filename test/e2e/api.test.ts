import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileSecretStore } from '../../src/adapters/local/file-secret-store.ts';
import { Report } from '../../src/contracts/report.ts';
import type { RunView } from '../../src/contracts/run.ts';
import { inlineSecretName } from '../../src/domain/run-keys.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';

describe('a catalog on the embedded default', () => {
  let local: LocalService;
  let run: RunView;

  beforeAll(async () => {
    local = await startLocalService();
    const { run_id } = await local.api.createCatalog({ dataset: 'ecommerce', s3_prefix: 'reports/shop' });
    run = await local.ended(run_id);
  });
  afterAll(() => local?.close());

  const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(`${local.service.url}${path}`, { headers: { authorization: `Bearer ${local.service.apiKey}`, ...headers } });

  it('succeeds with the reports of both agents below the prefix', () => {
    expect(run).toMatchObject({ status: 'succeeded' });
    expect(run.reports.map(({ html_key }) => html_key)).toEqual([
      `reports/shop/${run.timestamp}/cataloging.html`,
      `reports/shop/${run.timestamp}/summary.html`,
    ]);
    expect(run.agents.map(({ agent, status }) => [agent, status])).toEqual([
      ['cataloging', 'succeeded'],
      ['summary', 'succeeded'],
    ]);
  });

  it('serves each report as a page that may run nothing and fetch nothing', async () => {
    for (const agent of ['cataloging', 'summary']) {
      const page = await get(`/runs/${run.run_id}/reports/${agent}`);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*sandbox$/);
      const text = await page.text();
      expect(text).toContain('</html>');
      expect(text).not.toMatch(/<script|<link|<iframe|javascript:|src="http/i);
    }
  });

  it('serves the JSON twin by Accept, with figures that come from the data', async () => {
    const response = await get(`/runs/${run.run_id}/reports/cataloging`, { accept: 'application/json' });
    const report = Report.parse(await response.json());
    expect(report.profile?.databases[0]?.tables.reduce((sum, { rows }) => sum + rows.count, 0)).toBe(13_526);
    expect(report.findings?.length).toBeGreaterThan(20);
    expect(report.evidence.some(({ origin }) => origin === 'rule')).toBe(true);
    for (const cited of report.body_html.matchAll(/#(e[0-9a-f]{12})/g)) {
      expect(report.evidence.map(({ evidence_id }) => evidence_id)).toContain(cited[1]);
    }
  });

  it('carries no e-mail address and no card number of the data on, in the page or its twin', async () => {
    for (const { html_key, json_key } of run.reports) {
      for (const key of [html_key, json_key])
        expect(readFileSync(local.service.reportFile(key), 'utf8')).not.toMatch(
          /[\w.]+@[\w-]+\.(com|org|net|example)|\d{4} \d{4} \d{4} \d{4}/,
        );
    }
  });

  it('keeps the steps of the whole run, tables, checks, turns and tools, each with its end', async () => {
    const { steps } = await local.api.listSteps({ id: run.run_id });
    expect(new Set(steps.map(({ kind }) => kind))).toEqual(
      new Set(['control', 'node', 'table', 'check', 'turn', 'tool']),
    );
    expect(
      steps
        .filter(({ kind }) => kind === 'table')
        .map(({ detail }) => detail)
        .toSorted((a, b) => String(a).localeCompare(String(b))),
    ).toEqual(['customers', 'orders', 'products']);
    expect(steps.filter(({ status, ended_at }) => status === 'running' || ended_at === undefined)).toEqual([]);
    const node = steps.find(({ name }) => name === 'cataloging');
    expect(steps.filter(({ kind, parent_id }) => kind === 'turn' && parent_id === node?.step_id).length).toBe(1);
    expect(steps.filter(({ kind }) => kind === 'check')).toHaveLength(3);
  });

  it('compares the next run with this one, and only what both surveyed', async () => {
    const { run_id } = await local.api.createCatalog({
      dataset: 'ecommerce',
      s3_prefix: 'reports/shop',
      tables: ['customers', 'orders'],
    });
    const next = await local.ended(run_id);
    const report = await local.api.readReport({ id: next.run_id, agent: 'summary' });
    expect(report.drift).toEqual({
      since: { run_id: run.run_id, at: run.created_at },
      changes: [],
      not_looked_at: [
        {
          source: 'main',
          tables: 1,
          by: 'this_run',
          reason: 'not_asked',
          detail: '1 table of the surveys before is outside this run.',
        },
      ],
    });
  });

  it('fails in the first state where only the database can tell, and says what to do', async () => {
    const { run_id } = await local.api.createCatalog({
      dataset: 'ecommerce',
      s3_prefix: 'reports/typo',
      tables: ['ordres'],
    });
    const failed = await local.ended(run_id);
    expect(failed).toMatchObject({ status: 'failed', failure: { kind: 'TABLE_NOT_FOUND' }, reports: [], agents: [] });
    expect(failed.failure?.message).toMatch(/ordres.*orders/s);
    const { run_id: missing } = await local.api.createCatalog({
      db_conn_string: 'duckdb:///nowhere/at/all.duckdb',
      s3_prefix: 'reports/none',
    });
    expect(await local.ended(missing)).toMatchObject({ status: 'failed', failure: { kind: 'DATABASE_UNREACHABLE' } });
  });

  it('refuses at once what is wrong with the request itself', async () => {
    const create = (body: unknown) =>
      fetch(`${local.service.url}/catalog`, {
        method: 'POST',
        headers: { authorization: `Bearer ${local.service.apiKey}` },
        body: JSON.stringify(body),
      });
    const cases: readonly (readonly [unknown, number, string, string])[] = [
      [{ dataset: 'ecommerce' }, 400, 'INVALID_REQUEST', 'body.s3_prefix'],
      [{ dataset: 'ecommerce', s3_prefix: '../up' }, 400, 'INVALID_REQUEST', 'body.s3_prefix'],
      [{ dataset: 'ecommerce', s3_prefix: '/absolute' }, 400, 'INVALID_REQUEST', 'body.s3_prefix'],
      [{ dataset: 'ecommerce', s3_prefix: 'a', tables: ['x', 'x'] }, 400, 'INVALID_REQUEST', 'body.tables'],
      [{ dataset: 'ecommerce', s3_prefix: 'a', nonsense: 1 }, 400, 'INVALID_REQUEST', 'body'],
      [{ s3_prefix: 'a' }, 400, 'INVALID_REQUEST', 'body'],
      [
        { db_conn_string: 'oracle://user:hunter2@db/x', s3_prefix: 'a' },
        400,
        'UNSUPPORTED_DATABASE',
        'body.db_conn_string',
      ],
    ];
    for (const [body, status, kind, where] of cases) {
      const response = await create(body);
      const problem = (await response.json()) as { kind: string; detail: string; errors?: { where: string }[] };
      expect([response.status, problem.kind, problem.errors?.[0]?.where]).toEqual([status, kind, where]);
      expect(JSON.stringify(problem)).not.toContain('hunter2');
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    }
    await expect(local.api.createCatalog({ dataset: 'nothing', s3_prefix: 'a' })).rejects.toMatchObject({
      kind: 'DATASET_NOT_FOUND',
    });
  });

  it('asks for a key, and takes no other', async () => {
    for (const authorization of ['', 'Bearer wrong', `Basic ${local.service.apiKey}`]) {
      expect((await get('/runs', { authorization })).status).toBe(401);
    }
    expect((await fetch(`${local.service.url}/health`)).status).toBe(200);
  });

  it('answers with the caller’s request id', async () => {
    expect((await get('/runs', { 'x-request-id': 'my-request-0001' })).headers.get('x-request-id')).toBe(
      'my-request-0001',
    );
  });

  it('shows datasets and their schemas', async () => {
    const { datasets } = await local.api.listDatasets();
    expect(datasets.map(({ name, rows, files }) => [name, rows, files])).toEqual([
      ['ecommerce', 13_526, 3],
      ['support', 6_417, 1],
      ['sensors', 49_950, 1],
    ]);
    expect((await local.api.describeDataset({ name: 'support' })).tables).toHaveLength(1);
  });

  it('lists runs newest first, page by page', async () => {
    const all = (await local.api.listRuns()).runs.map(({ run_id }) => run_id);
    expect(all).toEqual(all.toSorted((a, b) => (a < b ? 1 : -1)));
    const first = await local.api.listRuns({ limit: 1 });
    const second = await local.api.listRuns({
      limit: 1,
      ...(first.next_cursor === undefined ? {} : { cursor: first.next_cursor }),
    });
    expect([...first.runs, ...second.runs].map(({ run_id }) => run_id)).toEqual(all.slice(0, 2));
  });

  it('keeps nothing of a connection string that it refused, neither in a store nor in a log', async () => {
    await expect(
      local.api.createCatalog({ db_conn_string: 'mssql://root:canary-7f3a@db/shop', s3_prefix: 'reports/canary' }),
    ).rejects.toMatchObject({ kind: 'UNSUPPORTED_DATABASE' });
    expect(filesBelow(local.home).filter((file) => readFileSync(file).includes('canary-7f3a'))).toEqual([]);
  });

  it('deletes an inline connection string once its run has settled', async () => {
    const { run_id } = await local.api.createCatalog({
      db_conn_string: 'duckdb:///nowhere/at/all.duckdb',
      s3_prefix: 'reports/gone',
    });
    await local.ended(run_id);
    const secrets = fileSecretStore({
      dataFile: join(local.home, 'secrets.sqlite'),
      keyFile: join(local.service.settings.configDir, 'secret-key'),
    });
    expect(await secrets.get('local', inlineSecretName(run_id, 'main'))).toBeUndefined();
    secrets.close();
  });
});

const filesBelow = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const kind = statSync(path, { throwIfNoEntry: false });
    if (kind === undefined) return [];
    return kind.isDirectory() ? filesBelow(path) : kind.isFile() ? [path] : [];
  });
