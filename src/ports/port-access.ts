import type { FunctionName, functionNeeds, Needs } from '../contracts/function-needs.ts';
import type { Ports } from './ports.ts';

/** The members of each port that needs a permission, or something in the bundle, by the access that opens them. */
export const portAccess = {
  runs: {
    read: ['get'],
    list: ['list'],
    previous: ['findPrevious'],
    running: ['listRunning'],
    create: ['create'],
    write: ['setExecution', 'setSources', 'reopen', 'addAct', 'addReport', 'settle'],
  },
  sessions: { read: ['get'], list: ['list'], begin: ['begin'], write: ['put', 'reopen'] },
  nodeResults: { read: ['get'], write: ['put'] },
  evidence: { read: ['list'], write: ['add'] },
  steps: { read: ['list'], write: ['replace'] },
  leases: { read: ['get'], write: ['put'], delete: ['delete'] },
  connections: {
    read: ['get'],
    list: ['list'],
    create: ['create'],
    update: ['setTest', 'rotate'],
    delete: ['delete'],
  },
  idempotencyKeys: { write: ['claim'] },
  requestCounts: { write: ['count'] },
  // Whoever answers a request sees the key and notes that it was used; making and revoking keys is for the command line.
  apiKeys: { read: ['find'], use: ['noteUse'], administer: ['add', 'list', 'revoke'] },
  schedules: {
    read: ['get'],
    list: ['list'],
    create: ['create'],
    update: ['replace', 'noteDue'],
    delete: ['delete'],
  },
  deliveries: {
    add: ['add'],
    read: ['get'],
    list: ['list'],
    due: ['listDue'],
    try: ['claim', 'record'],
    retry: ['retry'],
  },
  scheduler: { announce: ['announce'], put: ['put'], remove: ['remove'] },
  webhooks: { read: ['get'], list: ['list'], create: ['create'], update: ['replace'], delete: ['delete'] },
  // Whoever keeps a URL is told whether it can be one; sending is for who delivers.
  webhookSender: { check: ['refusal'], send: ['post'] },
  documents: { read: ['get'], write: ['put', 'putNew'] },
  reports: { read: ['get'], link: ['link'], write: ['put'] },
  evidenceObjects: { read: ['get'], write: ['put'] },
  secrets: { read: ['get'], put: ['put'], delete: ['delete'], list: ['list'] },
  webhookSecrets: { read: ['get'], put: ['put'], delete: ['delete'] },
  workflow: {
    start: ['start'],
    stop: ['stop'],
    read: ['describe', 'find', 'history'],
    answer: ['sendTaskSuccess', 'sendTaskFailure'],
    deploy: ['deploy', 'remove'],
  },
  sandbox: { take: ['take'], call: ['call'], release: ['release', 'abandon'], sweep: ['sweep'] },
  // Whether a model writes is a name in the environment; only who calls it needs its key.
  model: { name: ['kind'], call: ['reply'] },
  prompts: { choose: ['inForce'], read: ['find'] },
  datasets: { read: ['target'] },
  sourceObjects: { read: ['list'] },
  logs: { read: ['query'] },
  functions: { call: ['call'], send: ['send'] },
  bus: { put: ['put'] },
  // The stream hands them over to whom it calls.
  runChanges: { read: ['of'] },
  // Made of what the run's record says: nothing is asked.
  console: { address: ['of'] },
  certificates: { renew: ['trusted', 'trust', 'served', 'serve', 'create'] },
} as const satisfies {
  readonly [P in keyof Needs]-?: { readonly [A in NonNullable<Needs[P]>[number]]: readonly (keyof Ports[P])[] };
};

/** The ports that every function has: they need no permission. */
export type FreePort = Exclude<keyof Ports, keyof Needs>;

type Access = { readonly [P in keyof Needs]?: NonNullable<Needs[P]>[number] };
type MembersOf<T, A> = {
  [K in keyof T]: K extends A ? (T[K] extends readonly (infer M)[] ? M : never) : never;
}[keyof T];
type Opened<P extends keyof Needs, A> = Pick<Ports[P], MembersOf<(typeof portAccess)[P], A> & keyof Ports[P]>;

/** What each access to each port opens. A table of its own, which the compiler makes once. */
type Opening = { readonly [P in keyof Needs]-?: { readonly [A in keyof (typeof portAccess)[P]]: Opened<P, A> } };
type All<T> = (T extends unknown ? (all: T) => void : never) extends (all: infer I) => void ? I : never;

/**
 * Ports as far as a part of a use case needs them: `Using<{ documents: 'read' | 'write'; leases: 'read' }, 'log'>`. The second
 * parameter names those that are free to everybody.
 */
export type Using<N extends Access, F extends FreePort = never> = {
  readonly [P in keyof N & keyof Needs]: All<Opening[P][N[P] & keyof Opening[P]]>;
} & Pick<Ports, F>;

/**
 * The ports of a function: what its row of the needs opens, from which its role on AWS is made too, and those that are free.
 */
export type PortsOf<N extends FunctionName, F extends FreePort = 'clock' | 'log'> = Using<
  { readonly [P in keyof (typeof functionNeeds)[N]]: ItemOf<(typeof functionNeeds)[N][P]> },
  F
>;

type ItemOf<T> = T extends readonly (infer A)[] ? A : never;
