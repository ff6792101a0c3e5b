import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { outboxPump } from '../../src/adapters/local/outbox-pump.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { at, sampleAct, sampleRun } from '../contracts/stores/samples.ts';

/**
 * A process that changes runs and publishes what they make, until it is killed: `outbox-process.ts <store> <bus> <tenant>`. The
 * bus is a file, a line of it an id.
 */
const [, , store = '', bus = '', tenant = ''] = process.argv;
const stores = openSqliteStores(store);

const pump = outboxPump({
  outbox: stores.outbox,
  publish: async (message) => {
    for (const consumer of ['webhook/a', 'webhook/b'])
      await stores.deliveries.add({
        tenant,
        consumer,
        message,
        status: 'pending',
        tries: [],
        tried: 0,
        next_at: at(0),
        created_at: at(0),
      });
    appendFileSync(bus, `${message.id}\n`);
  },
  deliver: async () => undefined,
  sleep: async () => sleep(1),
  onUnreadable: (_, thrown) => {
    throw thrown;
  },
  onError: (thrown) => {
    throw thrown;
  },
});
pump.start();
process.stdout.write('ready\n');

for (;;) {
  const { run_id, ...run } = sampleRun(tenant);
  await stores.runs.create({ run_id, ...run });
  await sleep(Math.random() * 4);
  for (const attempt of [1, 2]) {
    await stores.runs.settle(tenant, run_id, { attempt, status: 'failed', ended_at: at(attempt * 10 + 5) });
    await sleep(Math.random() * 4);
    await stores.runs.reopen(tenant, run_id, {
      attempt: attempt + 1,
      act: sampleAct({ at: at((attempt + 1) * 10) }),
    });
  }
  await sleep(Math.random() * 4);
}
