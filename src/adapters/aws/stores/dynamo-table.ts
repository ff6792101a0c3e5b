import { Tenant } from '../../../contracts/common.ts';
import type { DeliveryRef } from '../../../contracts/delivery.ts';
import { Failure } from '../../../contracts/failure.ts';
import type { Run } from '../../../contracts/run.ts';
import type { LeaseHolder } from '../../../contracts/sandbox.ts';

/** The table’s keys and indexes by name; the stack that makes the table uses the same ones. All keys are strings. */
export const storeTable = {
  keys: { partition: 'pk', sort: 'sk' },
  indexes: [
    { name: 'succeeded-by-prefix', partition: 'prefix_pk', sort: 'prefix_sk' },
    { name: 'running', partition: 'running_pk', sort: 'running_sk' },
    { name: 'due', partition: 'due_pk', sort: 'due_sk' },
  ],
  /** Items with this attribute, seconds since 1970, are deleted some time after it; till then they count as gone. */
  expiry: 'expires',
} as const;

/** The two keys of an item. */
export type ItemKey = { readonly pk: string; readonly sk: string };

/**
 * Where everything of a tenant begins. No tenant’s name holds a `#`, and this makes sure of it, so that no value can spell
 * another tenant’s key.
 */
export const tenantKey = (tenant: string): string => {
  if (Tenant.safeParse(tenant).success) return `TENANT#${tenant}`;
  throw new Failure('INVALID_REQUEST', `${JSON.stringify(tenant)} cannot be a tenant’s name.`, { where: 'tenant' });
};

/** A run’s own item. */
export const runKey = (tenant: string, runId: string): ItemKey => ({
  pk: tenantKey(tenant),
  sk: `${runsBeginning}${runId}`,
});

/** How the sort keys of runs begin, and of nothing else. */
export const runsBeginning = 'RUN#';

/** The partition of what belongs to a run. */
export const runPartition = (tenant: string, runId: string): string => `${tenantKey(tenant)}#RUN#${runId}`;

/** One thing that belongs to a run. */
export const runItemKey = (tenant: string, runId: string, sk: string): ItemKey => ({
  pk: runPartition(tenant, runId),
  sk,
});

/** A sandbox's lease, in a partition of its own: it holds a token, and roles are told apart by partitions alone. */
export const leaseKey = (tenant: string, { kind, id }: LeaseHolder): ItemKey => {
  const holder = kind === 'run' ? runPartition(tenant, id) : `${tenantKey(tenant)}#CONVERSATION#${id}`;
  return { pk: `${holder}#LEASE`, sk: 'LEASE' };
};

/** Sort keys of what belongs to a run. Numbers are padded, because keys sort as text. */
export const sortKeys = {
  session: (agent: string) => `SESSION#${agent}`,
  node: (node: string) => `NODE#${node}`,
  evidence: (number: number) => `EVIDENCE#${String(number).padStart(10, '0')}`,
  stepsPage: (page: number) => `STEPS#${String(page).padStart(3, '0')}`,
} as const;

/** An API key’s item: found by the hash alone. */
export const apiKeyKey = (hash: string): ItemKey => ({ pk: `KEY#${hash}`, sk: 'KEY' });

/** The partition that lists all API keys. */
export const apiKeyList = 'KEYS';

/** An API key in that list. */
export const listedApiKeyKey = (hash: string): ItemKey => ({ pk: apiKeyList, sk: hash });

/** The item that says when an API key was used last. No role that may write it may write the key. */
export const useKey = (hash: string): ItemKey => ({ pk: `USE#${hash}`, sk: 'LAST' });

/** A connection’s item. */
export const connectionKey = (tenant: string, name: string): ItemKey => ({
  pk: tenantKey(tenant),
  sk: `CONNECTION#${name}`,
});

/** A schedule’s item. Who makes schedules is to write no run: they have a partition of their own. */
export const scheduleKey = (tenant: string, name: string): ItemKey => ({
  pk: `${tenantKey(tenant)}#SCHEDULES`,
  sk: `SCHEDULE#${name}`,
});

/** A webhook’s item, in a partition of the tenant's webhooks for the same reason. */
export const webhookKey = (tenant: string, name: string): ItemKey => ({
  pk: `${tenantKey(tenant)}#WEBHOOKS`,
  sk: `WEBHOOK#${name}`,
});

/** The partition of a consumer’s deliveries. */
export const consumerKey = (tenant: string, consumer: string): string => `${tenantKey(tenant)}#CONSUMER#${consumer}`;

/** A delivery’s item. */
export const deliveryKey = ({ tenant, consumer, message_id }: DeliveryRef): ItemKey => ({
  pk: consumerKey(tenant, consumer),
  sk: `${deliveriesBeginning}${message_id}`,
});

/** How the sort keys of deliveries begin. */
export const deliveriesBeginning = 'DELIVERY#';

/** The delivery of a key. */
export const deliveryOfKey = ({ pk, sk }: Readonly<Record<string, unknown>>): unknown => {
  const [, tenant, , consumer] = String(pk).split('#');
  return { tenant, consumer, message_id: String(sk).slice(deliveriesBeginning.length) };
};

/** The partition of all deliveries that are pending, by the time from which on they are tried. */
export const dueKey = 'DUE';

/** An idempotency key’s item, in a partition of its own: clients send many, and nobody lists them. */
export const claimKey = (tenant: string, key: string): ItemKey => ({
  pk: `${tenantKey(tenant)}#IDEMPOTENCY#${key}`,
  sk: 'IDEMPOTENCY',
});

/** The item that counts the requests of an API key within a window. */
export const windowKey = (
  keyHash: string,
  { start, seconds }: { readonly start: string; readonly seconds: number },
): ItemKey => ({ pk: `USE#${keyHash}`, sk: `WINDOW#${seconds}#${start}` });

/** The attribute by which an item passes away. */
export const expiryOf = (time: string): Readonly<Record<typeof storeTable.expiry, number>> => ({
  [storeTable.expiry]: Math.ceil(Date.parse(time) / 1000),
});

/** The partition of the succeeded runs under a prefix. */
export const prefixKey = (tenant: string, prefix: string): string => `${tenantKey(tenant)}#PREFIX#${prefix}`;

/** The partition of all running runs. */
export const runningKey = 'RUNNING';

/** A running run within that partition. */
export const runningSortKey = (tenant: string, runId: string): string => `${tenant}#${runId}`;

/** The index keys of a new run. The indexes are sparse: a run is in one only while it has both of its keys. */
export const indexKeys = (run: Run): Readonly<Record<string, string>> => ({
  ...(run.publish === undefined ? {} : { prefix_pk: prefixKey(run.tenant, run.publish.s3_prefix) }),
  ...(run.status === 'succeeded' ? { prefix_sk: run.run_id } : {}),
  ...(run.status === 'running' ? { running_pk: runningKey, running_sk: runningSortKey(run.tenant, run.run_id) } : {}),
});
