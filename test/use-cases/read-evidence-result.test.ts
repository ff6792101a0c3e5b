import type { Ports } from '../../src/ports/ports.ts';
import { objectPorts } from '../../src/adapters/object-ports.ts';
import { heldByRun } from '../../src/contracts/sandbox.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileObjectStore } from '../../src/adapters/local/file-object-store.ts';
import { type OpenStores, openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import type { Evidence } from '../../src/contracts/evidence.ts';
import { evidenceResultKey } from '../../src/domain/run-keys.ts';
import { collectEvidence } from '../../src/use-cases/collect-evidence.ts';
import { readEvidenceResult } from '../../src/use-cases/read-evidence-result.ts';
import { type InProcessSandbox, inProcessSandbox } from '../support/in-process-sandbox.ts';
import { takeLease } from '../support/take-lease.ts';

const tenant = 'acme';
const limits = { rows: 1_000, bytes: 4 * 1024 * 1024, seconds: 10 };

describe('the result behind a piece of evidence', () => {
  let folder: string;
  let evidenceObjects: Ports['evidenceObjects'];
  let sandbox: InProcessSandbox;
  let stores: OpenStores;

  /** Runs a statement and has its evidence collected. */
  const evidenceOf = async (work: { readonly sql: string } | { readonly code: string }): Promise<Evidence> => {
    const runId = '01JJXB3B00AAAAAAAAAAAAAAAA';
    const lease = await takeLease(sandbox, tenant, heldByRun(runId));
    if ('sql' in work)
      await sandbox.call(lease, 'execute_sql', { source: 'main', sql: work.sql, limits, origin: 'rule' });
    else await sandbox.call(lease, 'execute_python', { agent: 'cataloging', code: work.code, seconds: 10 });
    await collectEvidence({ ...stores, evidenceObjects, sandbox }, lease, runId);
    const kept = await stores.evidence.list(tenant, runId);
    return kept.at(-1)?.evidence ?? Promise.reject(new Error('nothing was kept'));
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-evidence-'));
    ({ evidenceObjects } = objectPorts(fileObjectStore(folder)));
    sandbox = await inProcessSandbox([], () => ({ stdout: 'said\n', result: '42' }));
    stores = openSqliteStores(join(folder, 'store.sqlite'));
  });
  afterEach(() => {
    stores.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is the whole table, far beyond what the preview shows', async () => {
    const evidence = await evidenceOf({ sql: `SELECT i::INTEGER AS id, 'row ' || i AS name FROM range(900) t(i)` });
    expect(evidence).toMatchObject({ result_kept: 'whole', rows: 900, origin: 'rule' });
    expect(evidence.preview.length).toBe(2_000);
    const result = await readEvidenceResult({ evidenceObjects }, tenant, evidence);
    expect(result).toMatchObject({ kind: 'sql', table: { rows: 900, truncated: false } });
    const [ids = [], names = []] = result?.kind === 'sql' ? result.table.values : [];
    expect([ids.at(-1), names.at(-1), names.length]).toEqual([899, 'row 899', 900]);
  });

  it('is what a cell printed and came to', async () => {
    const result = await readEvidenceResult({ evidenceObjects }, tenant, await evidenceOf({ code: '6 * 7' }));
    expect(result).toMatchObject({ kind: 'python', cell: { stdout: 'said\n', result: '42' } });
  });

  it('is not there where only the preview is kept, or the statement failed', async () => {
    const large = await evidenceOf({ sql: `SELECT repeat('x', 1000) AS x FROM range(300)` });
    expect(large).toMatchObject({ result_kept: 'preview', rows: 300 });
    expect(await readEvidenceResult({ evidenceObjects }, tenant, large)).toBeUndefined();
    await expect(evidenceOf({ sql: 'SELECT missing FROM nowhere' })).rejects.toMatchObject({
      kind: 'STATEMENT_FAILED',
    });
  });

  it('is refused where the object is another than was recorded, or gone', async () => {
    const evidence = await evidenceOf({ sql: 'SELECT 7 AS n' });
    const key = evidenceResultKey(evidence.result_hash ?? '');
    await evidenceObjects.put(tenant, key, '{"columns":[],"rows":0,"truncated":false,"values":[]}', 'application/json');
    const read = readEvidenceResult({ evidenceObjects }, tenant, evidence);
    await expect(read).rejects.toMatchObject({ kind: 'STORAGE_FAILED', where: key });
    await expect(read).rejects.toThrow('not what was recorded');
    await expect(readEvidenceResult({ evidenceObjects }, 'other', evidence)).rejects.toThrow('is gone');
  });
});
