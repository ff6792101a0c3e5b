import { beforeAll, describe, expect, it } from 'vitest';
import type { Stores } from '../../../src/ports/stores.ts';
import { at, freshTenant, sampleRun, sha256, unicode } from './samples.ts';

/** What every store of node results does: a part of the stores' contract. */
export const describeNodeResultsContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('node results', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    it('keeps the last one of a node', async () => {
      const run = sampleRun(freshTenant());
      const { tenant, run_id } = run;
      const result = { tenant, run_id, node: 'profile', attempt: 1, object_key: unicode, recorded_at: at(3) };
      await stores.nodeResults.put({ ...result, input_hash: sha256('one') });
      await stores.nodeResults.put({ ...result, input_hash: sha256('two') });
      expect(await stores.nodeResults.get(tenant, run_id, 'profile')).toEqual({
        ...result,
        input_hash: sha256('two'),
      });
      expect(await stores.nodeResults.get(tenant, run_id, 'summary')).toBeUndefined();
    });

    it('is not replaced by what an earlier attempt of the run records late', async () => {
      const { tenant, run_id } = sampleRun(freshTenant());
      const result = { tenant, run_id, node: 'profile', input_hash: sha256('x'), recorded_at: at(3) };
      expect(await stores.nodeResults.put({ ...result, attempt: 1, object_key: 'first' })).toBe(true);
      expect(await stores.nodeResults.put({ ...result, attempt: 2, object_key: 'second' })).toBe(true);
      expect(await stores.nodeResults.put({ ...result, attempt: 1, object_key: 'late' })).toBe(false);
      expect((await stores.nodeResults.get(tenant, run_id, 'profile'))?.object_key).toBe('second');
    });

    it('shows and changes nothing for another tenant who knows the run', async () => {
      const { tenant, run_id } = sampleRun(freshTenant());
      const stranger = freshTenant();
      const result = {
        run_id,
        node: 'profile',
        attempt: 1,
        input_hash: sha256('x'),
        object_key: 'mine',
        recorded_at: at(1),
      };
      await stores.nodeResults.put({ ...result, tenant });
      expect(await stores.nodeResults.get(stranger, run_id, 'profile')).toBeUndefined();
      await stores.nodeResults.put({ ...result, tenant: stranger, object_key: 'theirs' });
      expect(await stores.nodeResults.get(tenant, run_id, 'profile')).toEqual({ ...result, tenant });
    });
  });
};
