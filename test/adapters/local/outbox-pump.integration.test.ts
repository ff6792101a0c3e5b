import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outboxPump } from '../../../src/adapters/local/outbox-pump.ts';
import { type OpenStores, openSqliteStores } from '../../../src/adapters/local/stores/open-sqlite-stores.ts';
import type { Message } from '../../../src/contracts/message.ts';
import type { Run } from '../../../src/contracts/run.ts';
import { at, freshTenant, sampleRun } from '../../contracts/stores/samples.ts';

const rounds = 30;
const program = resolve(import.meta.dirname, '../../support/outbox-process.ts');

/** The ids of all messages that what is stored of a run must have made: it starts and ends once an attempt. */
const idsOf = ({ run_id, attempt, status }: Run): readonly string[] =>
  Array.from({ length: attempt }, (_, index) => index + 1).flatMap((one) => {
    const time = (second: number): string => at(second).replaceAll(/[^0-9TZ]/g, '');
    const ended = one < attempt || status !== 'running';
    return [
      `${time(one === 1 ? 0 : one * 10)}-${run_id}-${one}-run-started`,
      ...(ended ? [`${time(one * 10 + 5)}-${run_id}-${one}-run-settled`] : []),
    ];
  });

describe('the outbox', () => {
  let folder: string;
  const opened: OpenStores[] = [];
  const open = (name: string): OpenStores => {
    const stores = openSqliteStores(join(folder, name));
    opened.push(stores);
    return stores;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-outbox-'));
  });
  afterAll(() => {
    for (const stores of opened) stores.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Publishes all that lies there. */
  const drain = async (stores: OpenStores, publish: (message: Message) => Promise<void>): Promise<void> => {
    const onError = (thrown: unknown): void => {
      throw thrown;
    };
    const onUnreadable = (_: number, thrown: unknown) => onError(thrown);
    await outboxPump({ outbox: stores.outbox, publish, deliver: async () => undefined, onUnreadable, onError }).stop();
  };

  it(
    `loses no message and makes none up, however often two processes are killed that change runs and publish (${rounds} times)`,
    { timeout: 180_000 },
    async () => {
      const tenant = freshTenant();
      const [store, bus] = [join(folder, 'killed.sqlite'), join(folder, 'bus')];
      for (let round = 0; round < rounds; round += 1) {
        const children = [0, 1].map(() =>
          spawn(process.execPath, [program, store, bus, tenant], { stdio: ['ignore', 'pipe', 'inherit'] }),
        );
        for (const child of children) await once(child.stdout, 'data');
        await sleep(Math.random() * 120);
        for (const child of children) {
          child.kill('SIGKILL');
          await once(child, 'exit');
        }
      }
      const stores = open('killed.sqlite');
      const waiting = stores.outbox.list(10_000).map(({ read }) => read().id);
      const published = readFileSync(bus, 'utf8').split('\n').slice(0, -1);
      const runs = (await stores.runs.list(tenant, { limit: 100_000 })).items;
      const expected = new Set(runs.flatMap(idsOf));
      expect(runs.length).toBeGreaterThan(rounds);
      expect(new Set([...published, ...waiting])).toEqual(expected);

      // What a process that was killed had published and not removed is published again, under the same id.
      const again: string[] = [];
      await drain(stores, async ({ id }) => void again.push(id));
      expect(again.toSorted()).toEqual(waiting.toSorted());
      expect(stores.outbox.list(1)).toEqual([]);
      for (const consumer of ['webhook/a', 'webhook/b']) {
        const owed = (await stores.deliveries.list(tenant, consumer, { limit: 100_000 })).items.map(
          ({ message }) => message.id,
        );
        expect(new Set(owed).size).toBe(owed.length);
        expect(new Set([...owed, ...waiting])).toEqual(expected);
      }
      console.log(
        `${runs.length} runs, ${expected.size} messages, ${waiting.length} left by the last kill, ${published.length - new Set(published).size} published twice`,
      );
    },
  );

  it('holds what a change made that was refused: nothing', async () => {
    const stores = open('refused.sqlite');
    const run = sampleRun(freshTenant());
    await stores.runs.create(run);
    await expect(stores.runs.create(run)).rejects.toMatchObject({ kind: 'CONFLICT' });
    const settlement = { attempt: 1, status: 'cancelled', ended_at: at(30) } as const;
    await Promise.all(Array.from({ length: 5 }, async () => stores.runs.settle(run.tenant, run.run_id, settlement)));
    await stores.runs.settle(run.tenant, run.run_id, { ...settlement, attempt: 2 });
    expect(stores.outbox.list(10).map(({ read }) => [read().type, read().data.status])).toEqual([
      ['run-started', 'running'],
      ['run-settled', 'cancelled'],
    ]);
  });

  it('keeps a message that could not be published, and those after it, in their order, and delivers what is owed meanwhile', async () => {
    const stores = open('bus-down.sqlite');
    for (const second of [1, 2, 3]) await stores.runs.create(sampleRun(freshTenant(), { created_at: at(second) }));
    const told: unknown[] = [];
    let down = true;
    let rounds = 0;
    const published: string[] = [];
    const pump = outboxPump({
      outbox: stores.outbox,
      publish: async ({ time }) => {
        if (down && time === at(2)) throw new Error('the bus is down');
        published.push(time);
      },
      deliver: async () => void (rounds += 1),
      sleep: async () => sleep(1),
      onUnreadable: () => undefined,
      onError: (thrown) => {
        told.push(thrown);
      },
    });
    pump.start();
    while (told.length < 3) await sleep(5);
    expect(published).toEqual([at(1)]);
    expect(rounds).toBeGreaterThan(0);
    down = false;
    await pump.stop();
    expect(published).toEqual([at(1), at(2), at(3)]);
  });

  it('sets aside what cannot be read, publishes those after it, and looks at it again at the next start', async () => {
    const stores = open('poison.sqlite');
    for (const second of [1, 2, 3]) await stores.runs.create(sampleRun(freshTenant(), { created_at: at(second) }));
    const change = (sql: string): void => {
      const file = new DatabaseSync(join(folder, 'poison.sqlite'));
      file.exec(sql);
      file.close();
    };
    change("update outbox set document = json_set(document, '$.of_a_newer_version', 1) where number = 1");
    const [published, unreadable]: [string[], unknown[]] = [[], []];
    const pump = () =>
      outboxPump({
        outbox: stores.outbox,
        publish: async ({ time }) => void published.push(time),
        deliver: async () => undefined,
        sleep: async () => sleep(1),
        onUnreadable: (number, thrown) => void unreadable.push([number, thrown]),
        onError: (thrown) => {
          throw thrown;
        },
      });
    await pump().stop();
    await pump().stop();
    expect(published).toEqual([at(2), at(3)]);
    expect(unreadable).toEqual([[1, expect.objectContaining({ kind: 'STORAGE_FAILED' })]]);
    const next = pump();
    next.start();
    await next.stop();
    expect(unreadable).toHaveLength(2);
    change("update outbox set document = json_remove(document, '$.of_a_newer_version')");
    const newer = pump();
    newer.start();
    await newer.stop();
    expect(published).toEqual([at(2), at(3), at(1)]);
    expect(stores.outbox.list(10)).toEqual([]);
  });
});
