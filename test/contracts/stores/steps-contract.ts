import { beforeAll, describe, expect, it } from 'vitest';
import type { Stores } from '../../../src/ports/stores.ts';
import { freshTenant, sampleRun, sampleStep, sha256, unicode } from './samples.ts';

/** What every store of steps does: a part of the stores' contract. */
export const describeStepsContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('steps', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    it('are none until they are put', async () => {
      const { tenant, run_id } = sampleRun(freshTenant());
      expect(await stores.steps.list(tenant, run_id)).toEqual([]);
    });

    it('come in the order of their start, however they were put', async () => {
      const { tenant, run_id } = sampleRun(freshTenant());
      const steps = [1, 2, 3].map((number) => sampleStep(number, { detail: unicode, tokens: number, dollars: 0.1 }));
      await stores.steps.replace(tenant, run_id, [steps[2]!, steps[0]!, steps[1]!]);
      expect(await stores.steps.list(tenant, run_id)).toEqual(steps);
    });

    it('are replaced as a whole, also many by few and few by none', async () => {
      const { tenant, run_id } = sampleRun(freshTenant());
      const many = Array.from({ length: 12_000 }, (_, index) =>
        sampleStep(index, {
          detail: sha256(String(index)),
          failure: { kind: 'INTERNAL', message: sha256(`m${index}`) },
        }),
      );
      await stores.steps.replace(tenant, run_id, many);
      expect(await stores.steps.list(tenant, run_id)).toEqual(many);
      const few = [sampleStep(7)];
      await stores.steps.replace(tenant, run_id, few);
      expect(await stores.steps.list(tenant, run_id)).toEqual(few);
      await stores.steps.replace(tenant, run_id, []);
      expect(await stores.steps.list(tenant, run_id)).toEqual([]);
    });

    it('shows and changes nothing for another tenant who knows the run', async () => {
      const { tenant, run_id } = sampleRun(freshTenant());
      const stranger = freshTenant();
      await stores.steps.replace(tenant, run_id, [sampleStep(1)]);
      expect(await stores.steps.list(stranger, run_id)).toEqual([]);
      await stores.steps.replace(stranger, run_id, [sampleStep(2)]);
      await stores.steps.replace(stranger, run_id, []);
      expect(await stores.steps.list(tenant, run_id)).toEqual([sampleStep(1)]);
    });
  });
};
