import { heldByRun } from '../../../src/contracts/sandbox.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Stores } from '../../../src/ports/stores.ts';
import { freshTenant, sampleLease, sampleRun } from './samples.ts';

/** What every store of leases does: a part of the stores' contract. */
export const describeLeasesContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('leases', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    it('keeps one a run until it is deleted', async () => {
      const run = sampleRun(freshTenant());
      const { tenant, run_id } = run;
      await stores.leases.put(sampleLease(run));
      const next = sampleLease(run, { lease_id: 'lease-2', token: 'z'.repeat(43) });
      await stores.leases.put(next);
      expect(await stores.leases.get(tenant, heldByRun(run_id))).toEqual(next);
      await stores.leases.delete(tenant, heldByRun(run_id), 1);
      expect(await stores.leases.get(tenant, heldByRun(run_id))).toBeUndefined();
      await stores.leases.delete(tenant, heldByRun(run_id), 1);
    });

    it('is neither replaced nor deleted by who comes late from an earlier attempt', async () => {
      const run = sampleRun(freshTenant());
      const { tenant, run_id } = run;
      const [first, second] = [sampleLease(run), sampleLease(run, { attempt: 2, lease_id: 'lease-2' })];
      expect(await stores.leases.put(first)).toBe(true);
      expect(await stores.leases.put(second)).toBe(true);
      expect(await stores.leases.put(first)).toBe(false);
      await stores.leases.delete(tenant, heldByRun(run_id), 1);
      expect(await stores.leases.get(tenant, heldByRun(run_id))).toEqual(second);
      await stores.leases.delete(tenant, heldByRun(run_id), 2);
      expect(await stores.leases.get(tenant, heldByRun(run_id))).toBeUndefined();
    });

    it('keeps those of runs and of conversations apart, also of one id', async () => {
      const run = sampleRun(freshTenant());
      const conversation = { kind: 'conversation', id: run.run_id } as const;
      await stores.leases.put(sampleLease(run));
      expect(await stores.leases.get(run.tenant, conversation)).toBeUndefined();
      const lease = sampleLease(run, { holder: conversation, lease_id: 'lease-2' });
      await stores.leases.put(lease);
      expect(await stores.leases.get(run.tenant, heldByRun(run.run_id))).toEqual(sampleLease(run));
      await stores.leases.delete(run.tenant, heldByRun(run.run_id), 1);
      expect(await stores.leases.get(run.tenant, conversation)).toEqual(lease);
    });

    it('shows and changes nothing for another tenant who knows the run', async () => {
      const run = sampleRun(freshTenant());
      const { run_id } = run;
      const stranger = freshTenant();
      await stores.leases.put(sampleLease(run));
      expect(await stores.leases.get(stranger, heldByRun(run_id))).toBeUndefined();
      await stores.leases.put(sampleLease({ ...run, tenant: stranger }, { token: 's'.repeat(43) }));
      await stores.leases.delete(stranger, heldByRun(run_id), 1);
      expect(await stores.leases.get(run.tenant, heldByRun(run_id))).toEqual(sampleLease(run));
    });
  });
};
