import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteRunStore } from '../../../src/adapters/local/sqlite-run-store.ts';
import type { RunStore, Settlement } from '../../../src/ports/run-store.ts';
import { at, freshTenant, sampleRun } from '../../contracts/run-store-samples.ts';
import { leaveOut } from '../../support/is-missing.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

const disk = mountSmallDisk(4);

const failed: Settlement = {
  status: 'failed',
  ended_at: at(9),
  failure: { kind: 'STORAGE_FAILED', message: 'The disk is full.' },
};

/** Writes until the store refuses, as its log may have room of its own; answers with the refusal. */
const exhaust = async (store: RunStore, tenant: string): Promise<unknown> => {
  for (let count = 0; count < 10_000; count += 1) {
    try {
      await store.createRun(sampleRun(tenant, { s3_prefix: 'x'.repeat(2_000) }));
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
      const store = openSqliteRunStore(join(folder, 'store.sqlite'));
      const tenant = freshTenant();
      const runs = [sampleRun(tenant), sampleRun(tenant), sampleRun(tenant)];
      for (const run of runs) await store.createRun(run);
      for (const { run_id } of runs) {
        fill();
        expect(await exhaust(store, tenant)).toMatchObject({
          kind: 'STORAGE_FAILED',
          message: expect.stringMatching(/store\.sqlite cannot grow: the disk is full\. Free some space/) as string,
        });
        expect(await store.settleRun(tenant, run_id, failed)).toBe(true);
        expect(await store.getRun(tenant, run_id)).toMatchObject(failed);
      }
      free();
      await store.createRun(sampleRun(tenant));
      store.close();
      const again = openSqliteRunStore(join(folder, 'store.sqlite'));
      expect(await again.getRun(tenant, runs[0]!.run_id)).toMatchObject(failed);
      again.close();
    });
  },
);
