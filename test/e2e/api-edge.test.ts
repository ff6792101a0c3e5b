import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileSecretStore } from '../../src/adapters/local/file-secret-store.ts';
import { inlineSecretName } from '../../src/domain/run-keys.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';

type Problem = {
  readonly kind: string;
  readonly detail: string;
  readonly errors?: readonly { readonly where: string }[];
};

describe('the edge of the API', () => {
  let local: LocalService;
  let folder: string;
  let source: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-edge-'));
    writeFileSync(join(folder, 'things.csv'), 'thing_id,name\n1,one\n2,two\n3,three\n');
    source = `file://${folder}`;
    local = await startLocalService({ SURVEYOR_ORIGINS: 'https://data.example.com,http://localhost:3000' });
  });
  afterAll(async () => {
    await local?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${local.service.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${local.service.apiKey}`, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const problemOf = async (response: Response): Promise<Problem> => {
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    return (await response.json()) as Problem;
  };

  describe('given bad input', () => {
    const many = (length: number): readonly string[] => Array.from({ length }, (_, index) => `table_${index}`);

    it.each<readonly [string, unknown, number, string]>([
      ['a body of 4 MB', { dataset: 'ecommerce', s3_prefix: 'a', tables: ['x'.repeat(4 * 1024 * 1024)] }, 413, 'body'],
      ['a body that is no JSON', '{"dataset":', 400, 'body'],
      ['10,000 tables', { dataset: 'ecommerce', s3_prefix: 'a', tables: many(10_000) }, 400, 'body.tables'],
      ['no table', { dataset: 'ecommerce', s3_prefix: 'a', tables: [] }, 400, 'body.tables'],
      ['a table twice', { dataset: 'ecommerce', s3_prefix: 'a', tables: ['x', 'x'] }, 400, 'body.tables'],
      [
        'a table with a control character',
        { dataset: 'ecommerce', s3_prefix: 'a', tables: ['\u0007'] },
        400,
        'body.tables.0',
      ],
      ['an unknown field', { dataset: 'ecommerce', s3_prefix: 'a', prefix: 'b' }, 400, 'body'],
      ['a prefix that climbs', { dataset: 'ecommerce', s3_prefix: 'a/../../b' }, 400, 'body.s3_prefix'],
      ['an absolute prefix', { dataset: 'ecommerce', s3_prefix: '/etc' }, 400, 'body.s3_prefix'],
      ['a prefix with a control character', { dataset: 'ecommerce', s3_prefix: 'a\u0000b' }, 400, 'body.s3_prefix'],
      ['a prefix among our own', { dataset: 'ecommerce', s3_prefix: '_runs' }, 400, 'body.s3_prefix'],
      ['two places of one database', { dataset: 'ecommerce', connection: 'shop', s3_prefix: 'a' }, 400, 'body'],
      ['tables beside sources', { sources: [{ dataset: 'ecommerce' }], tables: ['x'], s3_prefix: 'a' }, 400, 'body'],
      [
        'eleven sources',
        { sources: many(11).map(() => ({ dataset: 'ecommerce' })), s3_prefix: 'a' },
        400,
        'body.sources',
      ],
      [
        'two sources of one name',
        {
          sources: [
            { name: 'a', dataset: 'support' },
            { name: 'a', dataset: 'sensors' },
          ],
          s3_prefix: 'a',
        },
        400,
        'body.sources',
      ],
      [
        'a source that cannot be read',
        { sources: [{ dataset: 'support' }, { db_conn_string: 'oracle://a:hunter2@b/c' }], s3_prefix: 'a' },
        400,
        'body.sources.1.db_conn_string',
      ],
      ['a connection that is not there', { connection: 'nowhere', s3_prefix: 'a' }, 404, 'body.connection'],
    ])('refuses %s and leaves nothing behind', async (_, body, status, where) => {
      const before = await local.api.listRuns({ limit: 100 });
      const response = await send('POST', '/catalog', body);
      const problem = await problemOf(response);
      expect([response.status, problem.errors?.[0]?.where ?? '']).toEqual([status, where]);
      expect(JSON.stringify(problem)).not.toContain('hunter2');
      expect(problem.detail.length).toBeLessThan(2_000);
      expect(await local.api.listRuns({ limit: 100 })).toEqual(before);
      const objects = join(local.home, 'objects');
      // The folder in which objects are written before they are there.
      const empty = '.unfinished';
      const found = existsSync(objects) ? readdirSync(objects, { recursive: true }) : [];
      expect(found.filter((name) => name !== empty)).toEqual([]);
    });
  });

  describe('given an Idempotency-Key', () => {
    it('answers the same request with the same run, however often and however many at once', async () => {
      const request = { db_conn_string: source, s3_prefix: 'reports/once', 'idempotency-key': 'order-4711' };
      const accepted = await Promise.all(Array.from({ length: 12 }, () => local.api.createCatalog(request)));
      expect(new Set(accepted.map(({ run_id }) => run_id)).size).toBe(1);
      const { run_id } = accepted[0] ?? { run_id: '' };
      expect(await local.ended(run_id)).toMatchObject({ status: 'succeeded' });
      // Also when its run has ended, and its credential is not put back then.
      expect(await local.api.createCatalog(request)).toEqual(accepted[0]);
      const secrets = fileSecretStore({
        dataFile: join(local.home, 'secrets.sqlite'),
        keyFile: join(local.service.settings.configDir, 'secret-key'),
      });
      expect(await secrets.get('local', inlineSecretName(run_id, 'main'))).toBeUndefined();
      secrets.close();
      expect(
        (await local.api.listRuns({ limit: 100 })).runs.filter((run) => run.s3_prefix === 'reports/once'),
      ).toHaveLength(1);
    });

    it('refuses another request with the key, and a key that is none', async () => {
      const other = { db_conn_string: source, s3_prefix: 'reports/other', 'idempotency-key': 'order-4711' };
      await expect(local.api.createCatalog(other)).rejects.toMatchObject({ kind: 'CONFLICT' });
      const response = await send(
        'POST',
        '/catalog',
        { dataset: 'sensors', s3_prefix: 'a' },
        { 'idempotency-key': 'x'.repeat(256) },
      );
      expect((await problemOf(response)).errors?.[0]?.where).toBe('headers.idempotency-key');
    });
  });

  describe('asked to cancel a run', () => {
    it('stops it, gives its sandbox back, and says of an ended one that it has ended', async () => {
      const { run_id } = await local.api.createCatalog({ dataset: 'ecommerce', s3_prefix: 'reports/cancelled' });
      expect(await local.api.cancelRun({ id: run_id })).toEqual({ run_id, status_url: `/runs/${run_id}` });
      const run = await local.ended(run_id);
      expect(run).toMatchObject({ status: 'cancelled', failure: { kind: 'RUN_CANCELLED' } });
      await expect(local.api.cancelRun({ id: run_id })).rejects.toMatchObject({ kind: 'CONFLICT' });
      const missing = await send('POST', '/runs/01JJQ0000000000000000000AB/cancel');
      expect(missing.status).toBe(404);
    });
  });

  describe('asked for the log of a run', () => {
    let id: string;
    beforeAll(async () => {
      id = (await local.api.createCatalog({ db_conn_string: source, s3_prefix: 'reports/logged' })).run_id;
      await local.ended(id);
    });

    it('gives it page by page, oldest first, nothing twice and nothing lost', async () => {
      const all = await local.api.listLogs({ id, limit: 1_000 });
      expect(all.entries.length).toBeGreaterThan(8);
      expect(all.entries.map(({ at }) => at)).toEqual(all.entries.map(({ at }) => at).toSorted());
      const paged: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page = await local.api.listLogs({ id, limit: 3, ...(cursor === undefined ? {} : { cursor }) });
        expect(page.entries.length).toBeLessThanOrEqual(3);
        paged.push(...page.entries);
        cursor = page.next_cursor;
      } while (cursor !== undefined && paged.length < 1_000);
      expect(paged).toEqual(all.entries);
    });

    it('gives what is asked for: a level and worse, a time, a text', async () => {
      const all = (await local.api.listLogs({ id, limit: 1_000 })).entries;
      const worse = (await local.api.listLogs({ id, level: 'WARN', limit: 1_000 })).entries;
      expect(worse).toEqual(all.filter(({ level }) => level === 'WARN' || level === 'ERROR'));
      const since = all[4]?.at ?? '';
      expect((await local.api.listLogs({ id, since, limit: 1_000 })).entries).toEqual(
        all.filter(({ at }) => at >= since),
      );
      const profiled = (await local.api.listLogs({ id, q: 'TABLE profiled' })).entries;
      expect(profiled.map(({ message }) => message)).toEqual(['table profiled']);
    });

    it('refuses a cursor that it did not give, and a level that is none', async () => {
      expect((await send('GET', `/runs/${id}/logs?cursor=nonsense`)).status).toBe(400);
      expect((await send('GET', `/runs/${id}/logs?level=LOUD`)).status).toBe(400);
      expect((await send('GET', '/runs/01JJQ0000000000000000000AB/logs')).status).toBe(404);
    });
  });

  describe('called from a page of another origin', () => {
    it('lets the pages read that the setting names, and no others', async () => {
      for (const path of ['/health', '/runs', '/nothing/here', '/runs/nonsense']) {
        const allowed = await send('GET', path, undefined, { origin: 'https://data.example.com' });
        expect(allowed.headers.get('access-control-allow-origin')).toBe('https://data.example.com');
        const other = await send('GET', path, undefined, { origin: 'https://evil.example.com' });
        expect(other.headers.get('access-control-allow-origin')).toBeNull();
      }
    });

    it('answers what a browser asks first', async () => {
      const ask = (origin: string) =>
        send('OPTIONS', '/catalog', undefined, { origin, 'access-control-request-method': 'POST' });
      const allowed = await ask('http://localhost:3000');
      expect([allowed.status, allowed.headers.get('access-control-allow-methods')]).toEqual([
        204,
        'GET, POST, PATCH, DELETE',
      ]);
      expect(allowed.headers.get('access-control-allow-headers')).toContain('idempotency-key');
      const refused = await ask('https://evil.example.com');
      expect([refused.status, refused.headers.get('access-control-allow-methods')]).toEqual([405, null]);
    });
  });

  it('leaves no lease and no folder of a sandbox when all runs have ended', async () => {
    const { runs } = await local.api.listRuns({ limit: 100 });
    for (const { run_id } of runs) await local.ended(run_id);
    // The one that is kept warm.
    expect(readdirSync(join(local.home, 'sandboxes')).length).toBeLessThanOrEqual(2);
  });
});

describe('a key that sends too much', () => {
  it('is told when to come again, and other keys are not held up', async () => {
    const local = await startLocalService({ SURVEYOR_REQUESTS_PER_MINUTE: '20' });
    try {
      const answers: Response[] = [];
      for (let sent = 0; sent < 45; sent += 1) {
        answers.push(
          await fetch(`${local.service.url}/runs`, { headers: { authorization: `Bearer ${local.service.apiKey}` } }),
        );
      }
      const refused = answers.filter(({ status }) => status === 429);
      // At most two windows can lie within so short a time.
      expect(refused.length).toBeGreaterThanOrEqual(5);
      expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
      const wait = Number(refused[0]?.headers.get('retry-after'));
      expect(wait).toBeGreaterThanOrEqual(1);
      expect(wait).toBeLessThanOrEqual(60);
      expect(await refused[0]?.json()).toMatchObject({ kind: 'RATE_LIMITED' });
      expect((await fetch(`${local.service.url}/health`)).status).toBe(200);
    } finally {
      await local.close();
    }
  });
});
