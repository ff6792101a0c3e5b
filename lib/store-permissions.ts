import type { Needs } from '../src/contracts/function-needs.ts';

/** What an access to a store does to the table: its actions, the partitions they are about, and the index that is asked. */
export type StoreStatement = {
  readonly actions: readonly ('GetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem')[];
  /** As IAM compares the partition key: `*` stands for any text, a `#` too. docs/access-patterns.md has the keys. */
  readonly partitions: readonly string[];
  /** Which of those that fit are other ones. */
  readonly except?: readonly string[];
  readonly index?: 'succeeded-by-prefix' | 'running' | 'due';
};

type Partitions = Pick<StoreStatement, 'partitions' | 'except'>;

const of = (...partitions: readonly string[]): Partitions => ({ partitions });
/** Neither a tenant's name nor a run's id holds a `#`: what has a further one is a partition below. */
const ofTenant: Partitions = { partitions: ['TENANT#*'], except: ['TENANT#*#*'] };
const ofRun: Partitions = { partitions: ['TENANT#*#RUN#*'], except: ['TENANT#*#RUN#*#*'] };
const ofSchedules = of('TENANT#*#SCHEDULES');
const ofWebhooks = of('TENANT#*#WEBHOOKS');
const ofConsumer = of('TENANT#*#CONSUMER#*');
const ofLease = of('TENANT#*#RUN#*#LEASE', 'TENANT#*#CONVERSATION#*#LEASE');

const get = (places: Partitions): StoreStatement => ({ actions: ['GetItem'], ...places });
const query = (places: Partitions): StoreStatement => ({ actions: ['Query'], ...places });
const put = (places: Partitions): StoreStatement => ({ actions: ['PutItem'], ...places });
// Whoever writes under a condition may have to look whether what stands in the way was its own.
const putOnce = (places: Partitions): StoreStatement => ({ actions: ['PutItem', 'GetItem'], ...places });
const update = (places: Partitions): StoreStatement => ({ actions: ['UpdateItem', 'GetItem'], ...places });
const remove = (places: Partitions): StoreStatement => ({ actions: ['DeleteItem', 'GetItem'], ...places });

/**
 * The stores that share one table, and what a role needs for each access. A test records what the adapters do and holds
 * this table against it.
 */
export const storePermissions = {
  runs: {
    read: [get(ofTenant)],
    list: [query(ofTenant)],
    previous: [{ ...query(of('TENANT#*#PREFIX#*')), index: 'succeeded-by-prefix' }],
    running: [{ ...query(of('RUNNING')), index: 'running' }],
    create: [putOnce(ofTenant)],
    write: [update(ofTenant)],
  },
  sessions: {
    read: [get(ofRun)],
    list: [query(ofRun)],
    // In one transaction with a look at its run.
    begin: [putOnce(ofRun), { actions: ['ConditionCheckItem'], ...ofTenant }],
    write: [putOnce(ofRun)],
  },
  nodeResults: { read: [get(ofRun)], write: [putOnce(ofRun)] },
  evidence: { read: [query(ofRun)], write: [putOnce(ofRun)] },
  steps: { read: [query(ofRun)], write: [put(ofRun)] },
  leases: {
    read: [get(ofLease)],
    write: [putOnce(ofLease)],
    // Under a condition that what is gone fulfils: a deletion that is sent twice is refused the second time no more than the first.
    delete: [{ actions: ['DeleteItem'], ...ofLease }],
  },
  connections: {
    read: [get(ofTenant)],
    list: [query(ofTenant)],
    create: [putOnce(ofTenant)],
    update: [update(ofTenant)],
    delete: [remove(ofTenant)],
  },
  schedules: {
    read: [get(ofSchedules)],
    list: [query(ofSchedules)],
    create: [putOnce(ofSchedules)],
    update: [update(ofSchedules)],
    delete: [remove(ofSchedules)],
  },
  webhooks: {
    read: [get(ofWebhooks)],
    list: [query(ofWebhooks)],
    create: [putOnce(ofWebhooks)],
    update: [putOnce(ofWebhooks)],
    delete: [remove(ofWebhooks)],
  },
  deliveries: {
    add: [putOnce(ofConsumer)],
    read: [get(ofConsumer)],
    list: [query(ofConsumer)],
    due: [{ ...query(of('DUE')), index: 'due' }],
    try: [update(ofConsumer)],
    retry: [update(ofConsumer)],
  },
  idempotencyKeys: { write: [putOnce(of('TENANT#*#IDEMPOTENCY#*'))] },
  requestCounts: { write: [{ actions: ['UpdateItem'], partitions: ['USE#*'] }] },
  apiKeys: {
    read: [get(of('KEY#*'))],
    use: [update(of('USE#*'))],
    administer: [
      { actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], partitions: ['KEY#*', 'KEYS'] },
      get(of('USE#*')),
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
