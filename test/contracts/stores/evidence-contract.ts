import { beforeAll, describe, expect, it } from 'vitest';
import type { Stores } from '../../../src/ports/stores.ts';
import { freshTenant, sampleEvidence, sampleRun, unicode } from './samples.ts';

/** What every store of evidence does: a part of the stores' contract. */
export const describeEvidenceContract = (makeSubject: () => Stores | Promise<Stores>): void => {
  describe('evidence', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    it('comes in the order of its numbers, however it was added', async () => {
      const { tenant, run_id } = sampleRun(freshTenant());
      const evidence = Array.from({ length: 120 }, (_, index) => ({
        number: index + 1,
        evidence: sampleEvidence(`select ${index} -- ${unicode}`),
      }));
      await stores.evidence.add(tenant, run_id, evidence.slice(60).toReversed());
      await stores.evidence.add(tenant, run_id, evidence.slice(0, 60));
      expect(await stores.evidence.list(tenant, run_id)).toEqual(evidence);
    });

    it('is added once when the same is sent again, and cannot be rewritten', async () => {
      const { tenant, run_id } = sampleRun(freshTenant());
      const [first, second] = [sampleEvidence('select 1'), sampleEvidence('select 2')];
      await stores.evidence.add(tenant, run_id, [{ number: 1, evidence: first }]);
      await stores.evidence.add(tenant, run_id, [
        { number: 1, evidence: sampleEvidence('select 1 -- with another result') },
        { number: 2, evidence: second },
      ]);
      await Promise.all(
        Array.from({ length: 20 }, () => stores.evidence.add(tenant, run_id, [{ number: 2, evidence: second }])),
      );
      expect(await stores.evidence.list(tenant, run_id)).toEqual([
        { number: 1, evidence: first },
        { number: 2, evidence: second },
      ]);
    });

    it('may have a text of a megabyte', async () => {
      const { tenant, run_id } = sampleRun(freshTenant());
      const lines = Array.from({ length: 20_000 }, (_, index) => `x_${index} = "ü${index * 7919} 株"  # ${index}`);
      const evidence = sampleEvidence(lines.join('\n'), { kind: 'python' });
      expect(Buffer.byteLength(evidence.text)).toBeGreaterThan(600_000);
      await stores.evidence.add(tenant, run_id, [{ number: 1, evidence }]);
      expect(await stores.evidence.list(tenant, run_id)).toEqual([{ number: 1, evidence }]);
    });

    it('is read whole where it is several megabytes together', async () => {
      const { tenant, run_id } = sampleRun(freshTenant());
      const evidence = Array.from({ length: 30 }, (_, index) => ({
        number: index + 1,
        evidence: sampleEvidence(`${index}${'y'.repeat(150_000)}`),
      }));
      await stores.evidence.add(tenant, run_id, evidence);
      expect(await stores.evidence.list(tenant, run_id)).toEqual(evidence);
    });

    it('may be none', async () => {
      const { tenant, run_id } = sampleRun(freshTenant());
      await stores.evidence.add(tenant, run_id, []);
      expect(await stores.evidence.list(tenant, run_id)).toEqual([]);
    });

    it('shows and changes nothing for another tenant who knows the run', async () => {
      const { tenant, run_id } = sampleRun(freshTenant());
      const stranger = freshTenant();
      const mine = [{ number: 1, evidence: sampleEvidence('select 1') }];
      await stores.evidence.add(tenant, run_id, mine);
      expect(await stores.evidence.list(stranger, run_id)).toEqual([]);
      await stores.evidence.add(stranger, run_id, [{ number: 2, evidence: sampleEvidence('select 2') }]);
      expect(await stores.evidence.list(tenant, run_id)).toEqual(mine);
    });
  });
};
