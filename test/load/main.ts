import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalService } from '../support/local-service.ts';

/**
 * Many concurrent `POST /catalog`, each sent twice under one idempotency key and some of them broken off and sent again,
 * against a pool of four sandboxes: each accepted run must end exactly once. Ends with 1 where something is not so.
 */

const { values } = parseArgs({ options: { requests: { type: 'string', default: '200' } } });
const requests = Number(values.requests);
const pool = 4;

const folder = mkdtempSync(join(tmpdir(), 'surveyor-load-'));
writeFileSync(join(folder, 'things.csv'), 'thing_id,name\n1,one\n2,two\n');
const local = await startLocalService({ SURVEYOR_REQUESTS_PER_MINUTE: '0', SURVEYOR_SANDBOXES: String(pool) });
const problems: string[] = [];
const started = performance.now();
let mostSandboxes = 0;
const watch = setInterval(() => {
  const place = join(local.home, 'sandboxes');
  const sandboxes = existsSync(place) ? readdirSync(place).length : 0;
  mostSandboxes = Math.max(mostSandboxes, sandboxes);
}, 200);

const post = async (index: number, signal?: AbortSignal): Promise<string> => {
  const response = await fetch(`${local.service.url}/catalog`, {
    method: 'POST',
    headers: { authorization: `Bearer ${local.service.apiKey}`, 'idempotency-key': `load-${index}` },
    body: JSON.stringify({ db_conn_string: `file://${folder}`, s3_prefix: `reports/load-${index}` }),
    ...(signal === undefined ? {} : { signal }),
  });
  const body = (await response.json()) as { run_id?: string };
  if (response.status !== 202)
    problems.push(`request ${index} was answered ${response.status}: ${JSON.stringify(body)}`);
  return body.run_id ?? '';
};

try {
  const ids = await Promise.all(
    Array.from({ length: requests }, async (_, index) => {
      // Every fifth caller hangs up before its answer and tries again.
      if (index % 5 === 0) await post(index, AbortSignal.timeout(1 + (index % 7))).catch(() => undefined);
      const [one, other] = await Promise.all([post(index), post(index)]);
      if (one !== other) problems.push(`request ${index} became two runs: ${one} and ${other}`);
      return one;
    }),
  );
  if (new Set(ids).size !== requests) problems.push(`${requests} requests became ${new Set(ids).size} runs`);

  const statuses = new Map<string, number>();
  for (const id of ids) {
    let run = await local.api.getRun({ id });
    for (let waited = 0; run.status === 'running' && waited < 1_200_000; waited += 250) {
      await sleep(250);
      run = await local.api.getRun({ id });
    }
    statuses.set(run.status, (statuses.get(run.status) ?? 0) + 1);
    const ends = (await local.api.listLogs({ id, q: 'run ended', limit: 100 })).entries.length;
    if (ends !== 1) problems.push(`run ${id} ended ${ends} times`);
    if (run.status !== 'succeeded') problems.push(`run ${id} ${run.status}: ${run.failure?.message}`);
  }
  const stored = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await local.api.listRuns({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    for (const { run_id } of page.runs) stored.add(run_id);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  if (stored.size !== requests) problems.push(`the store has ${stored.size} runs, not ${requests}`);
  if (mostSandboxes > pool) problems.push(`${mostSandboxes} sandboxes at once, of at most ${pool}`);
  console.log(
    `${requests} requests, each sent at least twice: ${[...statuses].map(([status, count]) => `${count} ${status}`).join(', ')}; ` +
      `at most ${mostSandboxes} sandboxes at once; ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
} finally {
  clearInterval(watch);
  await local.close();
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems.slice(0, 20)) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
