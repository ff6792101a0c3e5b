import { expect, it } from 'vitest';
import { Lease } from '../../src/contracts/sandbox.ts';
import { freshTenant, sampleLease, sampleRun } from './stores/samples.ts';

it('reads a lease from before, which names a run in place of its holder', () => {
  const run = sampleRun(freshTenant());
  const { holder, ...lease } = sampleLease(run);
  expect(Lease.parse({ ...lease, run_id: run.run_id })).toEqual({ ...lease, holder });
});
