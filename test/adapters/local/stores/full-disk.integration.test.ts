import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteStores } from '../../../../src/adapters/local/stores/open-sqlite-stores.ts';
import type { Settlement } from '../../../../src/ports/run-store.ts';
import type { Stores } from '../../../../src/ports/stores.ts';
import { at, freshTenant, samplePublish, sampleRun } from '../../../contracts/stores/samples.ts';
import { leaveOut } from '../../../support/is-missing.ts';
import { mountSmallDisk } from '../../../support/small-disk.ts';

const disk = mountSmallDisk(4);

const failed: Settlement = {
  attempt: 1,
  status: 'failed',
  ended_at: at(9),
  failure: { kind: 'STORAGE_FAILED', message: 'The disk is full.' },
};

/** Writes until the store refuses, as its log may have room of its own; answers with the refusal. */
const exhaust = async (stores: Stores, tenant: string): Promise<unknown> => {
  for (let count = 0; count < 10_000; count += 1) {
    try {
      await stores.runs.create(sampleRun(tenant, { publish: samplePublish('x'.repeat(2_000)) }));
    } catch (thrown) {
      return thrown;
    }
  }
  return expect.fail('the disk did not become full');
};

describe.skipIf(disk === undefined && leaveOut('root', 'a disk of its own can not be mounted'))(
  'the run store on a full disk',
  () => {
    afterAll(() => disk?.remove());

    it('refuses what is new, saying why, and still notes how a run ended, again and again', async () => {
      const { folder, fill, free } = disk!;
      const stores = openSqliteStores(join(folder, 'store.sqlite'));
      const tenant = freshTenant();
      const runs = [sampleRun(tenant), sampleRun(tenant), sampleRun(tenant)];
      for (const run of runs) await stores.runs.create(run);
      for (const { run_id } of runs) {
        fill();
        expect(await exhaust(stores, tenant)).toMatchObject({
          kind: 'STORAGE_FAILED',
          message: expect.stringMatching(/store\.sqlite cannot grow: the disk is full\. Free some space/) as string,
        });
        expect(await stores.runs.settle(tenant, run_id, failed)).toBe(true);
        expect(await stores.runs.get(tenant, run_id)).toMatchObject(failed);
      }
      free();
      await stores.runs.create(sampleRun(tenant));
      stores.close();
      const again = openSqliteStores(join(folder, 'store.sqlite'));
      expect(await again.runs.get(tenant, runs[0]!.run_id)).toMatchObject(failed);
      again.close();
    });
  },
);
