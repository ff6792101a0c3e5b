import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalService } from '../support/local-service.ts';
import type { Measurement } from './measurement.ts';

const clients = 50;
const requests = 400;

/** How long `POST /catalog` takes to answer with 50 clients at once, each sending its next when it has its answer. */
export const benchApi = async (): Promise<readonly Measurement[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-bench-api-'));
  writeFileSync(join(folder, 'things.csv'), 'thing_id\n1\n');
  const local = await startLocalService({ SURVEYOR_REQUESTS_PER_MINUTE: '0' });
  const took: number[] = [];
  try {
    let sent = 0;
    const client = async (): Promise<void> => {
      while (sent < requests) {
        sent += 1;
        const started = performance.now();
        await local.api.createCatalog({ db_conn_string: `file://${folder}`, s3_prefix: 'reports/bench' });
        took.push(performance.now() - started);
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
  } finally {
    await local.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const sorted = took.toSorted((a, b) => a - b);
  return [0.5, 0.95, 0.99].map((share) => ({
    name: `POST /catalog with ${clients} clients, p${share * 100}`,
    value: sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN,
    unit: 'ms',
  }));
};
