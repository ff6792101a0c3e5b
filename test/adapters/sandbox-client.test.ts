import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callSupervisor } from '../../src/adapters/sandbox-client.ts';
import { secondsLeft } from '../../src/domain/budget/limits.ts';
import { sampleRun, sampleSession } from '../contracts/stores/samples.ts';

describe('a cell that may take what is left of a budget', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-client-'));
  const address = join(folder, 'socket');
  const answer = {
    cell: { stdout: '', stdout_truncated: false, outputs: [], state_lost: false, milliseconds: 1 },
    evidence_id: `e${'0'.repeat(12)}`,
    statements: 0,
    statement_evidence: [],
  };
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end(JSON.stringify(answer)));
  });
  beforeAll(() => new Promise<void>((resolve) => void server.listen(address, resolve)));
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is answered whatever fraction of a second that is, for budgets from 10 s to 1,800 s', async () => {
    const lease = { address, token: 'secret', holder: { kind: 'run', id: 'r' } } as const;
    const session = sampleSession(sampleRun('acme'));
    const begun = Date.parse(session.started_at);
    for (let seconds = 10; seconds <= 1_800; seconds += 17) {
      const now = new Date(begun + ((seconds * 1_000 * 997) % (seconds * 1_000 - 1)));
      const left = secondsLeft({ ...session, paused_seconds: 0.0137, budget: { ...session.budget, seconds } }, now);
      const input = { agent: 'cataloging', code: '1', seconds: Math.max(0.1, left) };
      expect(await callSupervisor(lease, 'execute_python', input)).toEqual(answer);
    }
  });
});
