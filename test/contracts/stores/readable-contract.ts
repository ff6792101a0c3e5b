import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { ulid } from 'ulid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AgentSession } from '../../../src/contracts/agent.ts';
import type { ApiKey } from '../../../src/contracts/api-key.ts';
import type { NodeResult } from '../../../src/contracts/node-result.ts';
import type { Stores } from '../../../src/ports/stores.ts';
import { sampleDelivery } from './deliveries-contract.ts';
import {
  at,
  freshTenant,
  sampleAct,
  sampleConnection,
  sampleEvidence,
  sampleLease,
  sampleRun,
  sampleSchedule,
  sampleSession,
  sampleStep,
  sampleWebhook,
  sha256,
  sampleActor,
  succeeded,
} from './samples.ts';

/** Values that some code might come to by mistake, or that somebody else may send. */
const hostile: readonly unknown[] = [
  -1,
  0.5,
  NaN,
  Infinity,
  1e300,
  '',
  'x\u0000y',
  '\ud800',
  '__proto__',
  'x'.repeat(5_000),
  null,
  undefined,
  true,
  [],
  {},
  new Date(0),
  JSON.parse('{"__proto__": {"a": 1}, "constructor": 1}'),
];

/** The document with one of its values replaced, whichever the number says. */
const spoilt = <T>(document: T, place: number, value: unknown): T => {
  const copy = structuredClone(document) as object;
  const places: (() => void)[] = [];
  const visit = (node: object): void => {
    for (const [name, inner] of Object.entries(node)) {
      places.push(() => void Object.assign(node, { [name]: value }));
      if (typeof inner === 'object' && inner !== null) visit(inner as object);
    }
    places.push(() => void Object.assign(node, { constructor: value }));
  };
  visit(copy);
  places[place % places.length]?.();
  return copy as T;
};

type Spoil = <T>(document: T) => T;

/** One kind of write: what is prepared for it, the write itself, and what has to be readable afterwards. */
type Write = (
  stores: Stores,
  spoil: Spoil,
) => Promise<{
  readonly write: () => Promise<unknown>;
  readonly read: () => Promise<unknown>;
}>;

const withRun = async (stores: Stores) => {
  const run = sampleRun(freshTenant());
  await stores.runs.create(run);
  const read = async () => [
    await stores.runs.get(run.tenant, run.run_id),
    await stores.runs.list(run.tenant, { limit: 10 }),
  ];
  return { run, read };
};

const writes: Readonly<Record<string, Write>> = {
  'runs.create': async ({ runs }, spoil) => {
    const run = sampleRun(freshTenant(), { acts: [sampleAct()] });
    const read = async () => [await runs.get(run.tenant, run.run_id), await runs.list(run.tenant, { limit: 10 })];
    return { write: () => runs.create(spoil(run)), read };
  },
  'runs.setExecution': async (stores, spoil) => {
    const { run, read } = await withRun(stores);
    const { id } = spoil({ id: 'execution' });
    return { write: () => stores.runs.setExecution(run.tenant, run.run_id, 1, id), read };
  },
  'runs.setSources': async (stores, spoil) => {
    const { run, read } = await withRun(stores);
    return { write: () => stores.runs.setSources(run.tenant, run.run_id, 1, spoil(run.sources)), read };
  },
  'runs.addAct': async (stores, spoil) => {
    const { run, read } = await withRun(stores);
    return { write: () => stores.runs.addAct(run.tenant, run.run_id, spoil(sampleAct())), read };
  },
  'runs.addReport': async (stores, spoil) => {
    const { run, read } = await withRun(stores);
    const report = spoil({ agent: 'catalog', html_key: 'a/catalog.html', json_key: 'a/catalog.json' });
    return { write: () => stores.runs.addReport(run.tenant, run.run_id, 1, report), read };
  },
  'runs.settle': async (stores, spoil) => {
    const { run, read } = await withRun(stores);
    const settlement = { ...succeeded, failure: { kind: 'INTERNAL', message: 'x' } };
    return { write: () => stores.runs.settle(run.tenant, run.run_id, { ...spoil(settlement), attempt: 1 }), read };
  },
  'runs.reopen': async (stores, spoil) => {
    const { run, read } = await withRun(stores);
    await stores.runs.settle(run.tenant, run.run_id, { attempt: 1, status: 'failed', ended_at: at(9) });
    const change = { act: sampleAct(), budget: { dollars: 1 } };
    return { write: () => stores.runs.reopen(run.tenant, run.run_id, { ...spoil(change), attempt: 2 }), read };
  },
  'sessions.begin and put': async (stores, spoil) => {
    const { run } = await withRun(stores);
    const { sessions } = stores;
    const session: AgentSession = sampleSession(run);
    const write = async () => {
      await sessions.begin(session);
      await sessions.put({ ...spoil(session), tenant: run.tenant, run_id: run.run_id });
    };
    return {
      write,
      read: async () => [
        await sessions.get(run.tenant, run.run_id, session.agent),
        await sessions.list(run.tenant, run.run_id),
      ],
    };
  },
  'nodeResults.put': async ({ nodeResults }, spoil) => {
    const result: NodeResult = {
      tenant: freshTenant(),
      run_id: ulid(),
      node: 'profile',
      attempt: 1,
      input_hash: sha256('x'),
      object_key: 'runs/x',
      recorded_at: at(1),
    };
    const read = async () => nodeResults.get(result.tenant, result.run_id, result.node);
    return { write: () => nodeResults.put(spoil(result)), read };
  },
  'evidence.add': async ({ evidence }, spoil) => {
    const [tenant, run] = [freshTenant(), ulid()];
    const one = spoil({ number: 1, evidence: sampleEvidence('select 1') });
    return { write: () => evidence.add(tenant, run, [{ ...one, number: 1 }]), read: () => evidence.list(tenant, run) };
  },
  'steps.replace': async ({ steps }, spoil) => {
    const [tenant, run] = [freshTenant(), ulid()];
    return {
      write: () => steps.replace(tenant, run, [sampleStep(1), spoil(sampleStep(2))]),
      read: () => steps.list(tenant, run),
    };
  },
  'leases.put': async (stores, spoil) => {
    const { run } = await withRun(stores);
    const lease = sampleLease(run);
    return {
      write: () => stores.leases.put({ ...spoil(lease), holder: lease.holder, tenant: run.tenant }),
      read: () => stores.leases.get(run.tenant, lease.holder),
    };
  },
  'connections.create': async ({ connections }, spoil) => {
    const connection = sampleConnection(freshTenant());
    const { tenant, name } = connection;
    return {
      write: () => connections.create({ ...spoil(connection), tenant, name }),
      read: async () => [await connections.get(tenant, name), await connections.list(tenant, { limit: 10 })],
    };
  },
  'connections.rotate and setTest': async ({ connections }, spoil) => {
    const connection = sampleConnection(freshTenant());
    const { tenant, name } = connection;
    await connections.create(connection);
    const change = spoil({ secret: 'other', label: 'x', rotated_at: at(3), rotated_by: sampleActor });
    const test = spoil({ run: ulid() });
    const write = async () => {
      await connections.rotate(tenant, name, connection.secret, change);
      await connections.setTest(tenant, name, test.run);
    };
    return {
      write,
      read: async () => [await connections.get(tenant, name), await connections.list(tenant, { limit: 10 })],
    };
  },
  'schedules.create, replace and noteDue': async ({ schedules }, spoil) => {
    const schedule = sampleSchedule(freshTenant());
    const { tenant, name } = schedule;
    const other = { ...spoil(schedule), tenant, name: `${name}-2` };
    const last = spoil({ due_at: at(1), outcome: 'started' as const, run_id: ulid() });
    const write = async () => {
      await schedules.create(schedule);
      await schedules.create(other).catch(() => undefined);
      await schedules.replace({ ...spoil(schedule), tenant, name, revision: schedule.revision + 1 });
      await schedules.noteDue(tenant, name, last);
    };
    return {
      write,
      read: async () => [await schedules.get(tenant, name), await schedules.list(tenant, { limit: 10 })],
    };
  },
  'webhooks.create and replace': async ({ webhooks }, spoil) => {
    const webhook = sampleWebhook(freshTenant());
    const { tenant, name } = webhook;
    const write = async () => {
      await webhooks.create(webhook);
      await webhooks.create({ ...spoil(webhook), tenant, name: `${name}-2` }).catch(() => undefined);
      await webhooks.replace({ ...spoil(webhook), tenant, name, revision: webhook.revision + 1 });
    };
    return { write, read: async () => [await webhooks.get(tenant, name), await webhooks.list(tenant, { limit: 10 })] };
  },
  'deliveries.add and record': async ({ deliveries }, spoil) => {
    const delivery = sampleDelivery(freshTenant());
    const { tenant, consumer, message } = delivery;
    const ref = { tenant, consumer, message_id: message.id };
    const other = spoil({ ...delivery, message: { ...message, id: `${message.id}2` } });
    const change = spoil({ status: 'pending' as const, tries: [], tried: 1, next_at: at(5) });
    const write = async () => {
      await deliveries.add(delivery);
      await deliveries.add({ ...other, tenant, consumer }).catch(() => undefined);
      await deliveries.claim(ref, { by: 'test', now: at(1), until: at(30) });
      await deliveries.record(ref, 'test', change);
    };
    return {
      write,
      read: async () => [await deliveries.get(ref), await deliveries.list(tenant, consumer, { limit: 10 })],
    };
  },
  'apiKeys.add and revoke': async ({ apiKeys }, spoil) => {
    const hash = sha256(randomUUID());
    const key: ApiKey = { hash, tenant: freshTenant(), roles: ['reader'], rights: [], label: 'x', created_at: at(0) };
    const when = spoil({ at: at(9) });
    const write = async () => {
      await apiKeys.add(key);
      await apiKeys.add({ ...spoil(key), hash });
      await apiKeys.revoke(hash, when.at);
    };
    return { write, read: async () => [await apiKeys.find(hash), await apiKeys.list()] };
  },
  'idempotencyKeys.claim': async ({ idempotencyKeys }, spoil) => {
    const tenant = freshTenant();
    const claim = { tenant, key: 'k', request_hash: sha256('x'), run_id: ulid(), expires_at: at(50) };
    return {
      write: () => idempotencyKeys.claim({ ...spoil(claim), tenant, key: 'k' }, at(0)),
      read: () => idempotencyKeys.claim(claim, at(0)),
    };
  },
};

/** What is written can be read, whatever it was: a part of the stores' contract. `numRuns` spoilt documents for each kind of write. */
export const describeReadableContract = (makeSubject: () => Stores | Promise<Stores>, numRuns: number): void => {
  describe('whatever a write takes, a read gives', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeSubject();
    });

    it.each(Object.keys(writes))('%s', { timeout: 120_000 }, async (name) => {
      let [refused, taken] = [0, 0];
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.constantFrom(...hostile), async (place, value) => {
          const { write, read } = await writes[name]!(stores, (document) => spoilt(document, place, value));
          await write().then(
            () => (taken += 1),
            () => (refused += 1),
          );
          // Nothing is there that cannot be read, and lists leave nothing out.
          expect(JSON.stringify((await read()) ?? null)).not.toContain('"unreadable"');
        }),
        { numRuns, seed: 11 },
      );
      expect(refused).toBeGreaterThan(0);
    });

    it('takes the same documents as they are', async () => {
      for (const prepare of Object.values(writes)) {
        const { write, read } = await prepare(stores, (document) => document);
        await write();
        expect(JSON.stringify((await read()) ?? null)).not.toBe('[null,{"items":[]}]');
      }
    });
  });
};
