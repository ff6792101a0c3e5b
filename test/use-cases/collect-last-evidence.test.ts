import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { heldByRun } from '../../src/contracts/sandbox.ts';
import { collectLastEvidence } from '../../src/use-cases/collect-last-evidence.ts';
import { type LoopBench, makeLoop, tenant } from '../support/agent-loop.ts';
import { type InProcessSandbox, inProcessSandbox } from '../support/in-process-sandbox.ts';

describe('collecting the last evidence of a run', () => {
  let sandbox: InProcessSandbox;
  let bench: LoopBench;
  const collect = () => collectLastEvidence(bench.ports, { tenant, run_id: bench.run.run_id });

  beforeEach(async () => {
    sandbox = await inProcessSandbox();
    bench = await makeLoop({
      sandbox,
      model: { kind: 'model', reply: () => Promise.reject(new Error('no model is needed here')) },
    });
  });
  afterEach(() => bench.close());

  it('keeps what the sandbox has not handed over', async () => {
    const lease = await bench.ports.leases.get(tenant, heldByRun(bench.run.run_id));
    const limits = { rows: 10, bytes: 1_000, seconds: 1 };
    await sandbox.call(lease!, 'execute_sql', { source: 'main', sql: 'select 1 as a', limits, origin: 'tool' });
    expect(await collect()).toEqual({ collected: true });
    const kept = await bench.ports.evidence.list(tenant, bench.run.run_id);
    expect(kept.map(({ evidence }) => evidence.text)).toEqual(['select 1 as a']);
  });

  it('says that there is none to be had of a sandbox that is gone, or was never there', async () => {
    sandbox.kill();
    expect(await collect()).toEqual({ collected: false });
    await bench.ports.leases.delete(tenant, heldByRun(bench.run.run_id), 1);
    expect(await collect()).toEqual({ collected: false });
  });
});
