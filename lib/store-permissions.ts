import type { Needs } from '../src/contracts/function-needs.ts';

/** What an access to a store does to the table: its actions, the partitions they are about, and the index that is asked. */
export type StoreStatement = {
  readonly actions: readonly ('GetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem')[];
  /** As IAM compares the partition key: `*` stands for any text. docs/access-patterns.md has the keys. */
  readonly partitions: readonly string[];
  readonly index?: 'succeeded-by-prefix' | 'running' | 'due';
};

/** The partition of a tenant, of a run, and of a conversation: no tenant's name holds a `#`. */
const ofTenant = ['TENANT#*'];
const ofRun = ['TENANT#*#RUN#*'];
const ofConsumer = ['TENANT#*#CONSUMER#*'];
const ofHolder = ['TENANT#*#RUN#*', 'TENANT#*#CONVERSATION#*'];

const get = (partitions: readonly string[]): StoreStatement => ({ actions: ['GetItem'], partitions });
const query = (partitions: readonly string[]): StoreStatement => ({ actions: ['Query'], partitions });
const put = (partitions: readonly string[]): StoreStatement => ({ actions: ['PutItem'], partitions });
// Whoever writes under a condition may have to look whether what stands in the way was its own.
const putOnce = (partitions: readonly string[]): StoreStatement => ({ actions: ['PutItem', 'GetItem'], partitions });
const update = (partitions: readonly string[]): StoreStatement => ({ actions: ['UpdateItem', 'GetItem'], partitions });
const remove = (partitions: readonly string[]): StoreStatement => ({ actions: ['DeleteItem', 'GetItem'], partitions });

/**
 * The stores that share one table, and what a role needs for each access. A test records what the adapters do and holds
 * this table against it.
 */
export const storePermissions = {
  runs: {
    read: [get(ofTenant)],
    list: [query(ofTenant)],
    previous: [{ ...query(['TENANT#*#PREFIX#*']), index: 'succeeded-by-prefix' }],
    running: [{ ...query(['RUNNING']), index: 'running' }],
    create: [putOnce(ofTenant)],
    write: [update(ofTenant)],
  },
  sessions: {
    read: [get(ofRun)],
    list: [query(ofRun)],
    // In one transaction with a look at its run.
    begin: [putOnce(ofRun), { actions: ['ConditionCheckItem'], partitions: ofTenant }],
    write: [putOnce(ofRun)],
  },
  nodeResults: { read: [get(ofRun)], write: [putOnce(ofRun)] },
  evidence: { read: [query(ofRun)], write: [putOnce(ofRun)] },
  steps: { read: [query(ofRun)], write: [put(ofRun)] },
  leases: {
    read: [get(ofHolder)],
    write: [putOnce(ofHolder)],
    // Under a condition that what is gone fulfils: a deletion that is sent twice is refused the second time no more than the first.
    delete: [{ actions: ['DeleteItem'], partitions: ofHolder }],
  },
  connections: {
    read: [get(ofTenant)],
    list: [query(ofTenant)],
    create: [putOnce(ofTenant)],
    update: [update(ofTenant)],
    delete: [remove(ofTenant)],
  },
  schedules: {
    read: [get(ofTenant)],
    list: [query(ofTenant)],
    create: [putOnce(ofTenant)],
    update: [update(ofTenant)],
    delete: [remove(ofTenant)],
  },
  webhooks: {
    read: [get(ofTenant)],
    list: [query(ofTenant)],
    create: [putOnce(ofTenant)],
    update: [putOnce(ofTenant)],
    delete: [remove(ofTenant)],
  },
  deliveries: {
    add: [putOnce(ofConsumer)],
    read: [get(ofConsumer)],
    list: [query(ofConsumer)],
    due: [{ ...query(['DUE']), index: 'due' }],
    try: [update(ofConsumer)],
    retry: [update(ofConsumer)],
  },
  idempotencyKeys: { write: [putOnce(['TENANT#*#IDEMPOTENCY#*'])] },
  requestCounts: { write: [{ actions: ['UpdateItem'], partitions: ['USE#*'] }] },
  apiKeys: {
    read: [get(['KEY#*'])],
    use: [update(['USE#*'])],
    administer: [
      { actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], partitions: ['KEY#*', 'KEYS'] },
      get(['USE#*']),
    ],
  },
} as const satisfies {
  readonly [P in keyof Needs]?: { readonly [A in NonNullable<Needs[P]>[number]]: readonly StoreStatement[] };
};

/** A store in the table. */
export type StorePort = keyof typeof storePermissions;

/** What an access to a store needs, as a grant names it; undefined where the grant is about something else. */
export const storeStatements = (grant: string): readonly StoreStatement[] | undefined => {
  const [port = '', access = ''] = grant.split(':');
  const table: Readonly<Record<string, Readonly<Record<string, readonly StoreStatement[]>>>> = storePermissions;
  return table[port]?.[access];
};
