import type { RouteName } from './routes.ts';

/** The groups of routes, as the document of the API lists them. */
export const tags = {
  runs: 'Surveys: start, follow, cancel and resume them',
  reports: 'What a survey found',
  connections: 'Database credentials under names',
  schedules: 'Surveys that start by themselves',
  webhooks: 'Who is told of started and ended surveys',
  datasets: 'The sample databases',
  service: 'The service itself',
} as const;

/** What the document of the API says of a route. Apart from its row, which its function carries. */
export type RouteText = {
  /** The group that the document of the API lists it in. */
  readonly tag: keyof typeof tags;
  readonly summary: string;
  /** What a caller has to know beyond the summary: whole sentences. */
  readonly description: string;
};

/** The words on each route. */
export const routeTexts: { readonly [N in RouteName]: RouteText } = {
  createCatalog: {
    tag: 'runs',
    summary: 'Start a catalog of a database',
    description:
      'Surveys one database, or several: measures every table, looks for findings, lets the agents write their reports below `s3_prefix`. The answer comes at once; follow the run at `status_url`. With the header `Idempotency-Key`, the same request sent again answers with the same run.',
  },
  listRuns: {
    tag: 'runs',
    summary: 'The runs, newest first',
    description:
      'A page of the runs, the newest first. `next_cursor` is there where more follow; send it as `cursor` for the next page.',
  },
  getRun: {
    tag: 'runs',
    summary: 'One run and its agents',
    description:
      'How the run stands, its databases, its reports, and what each of its agents has used. Once the run has ended, `failure` says why it did not succeed, and its `advice` what can be done about it.',
  },
  listSteps: {
    tag: 'runs',
    summary: 'What a run did, state by state',
    description:
      'Nodes, tables, turns of the model and calls of tools, each with its start, end and outcome; live while the run is under way.',
  },
  cancelRun: {
    tag: 'runs',
    summary: 'Stop a run that is under way',
    description:
      'Stops the execution; what that ends settles the run as cancelled. Asked again meanwhile, it answers the same. A run that has ended cannot be cancelled.',
  },
  resumeRun: {
    tag: 'runs',
    summary: 'Go on with a run that did not succeed, keeping what it had finished',
    description:
      'A new execution of the same run, which does only what is missing: measured tables, answers of the model and results of tools are kept. A run that was started with a connection string needs it again, since it was deleted when the run ended.',
  },
  listLogs: {
    tag: 'runs',
    summary: 'What a run logged, oldest first',
    description: 'A page of the run’s log, the oldest line first. `next_cursor` is there where more follow.',
  },
  createConnection: {
    tag: 'connections',
    summary: 'Keep a database credential under a name',
    description:
      'The connection string goes to the secret store and is never shown again. Nothing is opened: test the connection to see whether it works.',
  },
  listConnections: {
    tag: 'connections',
    summary: 'The connections, by name',
    description: 'A page of the connections, by name, each with how its last test went.',
  },
  getConnection: {
    tag: 'connections',
    summary: 'One connection and how its last test went',
    description: 'What the connection leads to, and whether its last test could open it. The credential is not shown.',
  },
  deleteConnection: {
    tag: 'connections',
    summary: 'Forget a connection and its credential',
    description:
      'Deletes the credential and the connection, and answers with what it was. Refused while a run uses the connection.',
  },
  testConnection: {
    tag: 'connections',
    summary: 'Open a connection once, in a run of its own',
    description:
      'Starts a run that opens the database, reads what the role may see, and ends. The connection shows its outcome.',
  },
  rotateConnection: {
    tag: 'connections',
    summary: 'Replace the credential of a connection',
    description:
      'Replaces the connection string. It has to lead to the same kind of database, and where that is another one (host, port, database or path differ) the answer tells which it was in `moved_from`; runs that have opened it go on with the old one.',
  },
  createSchedule: {
    tag: 'schedules',
    summary: 'Start a catalog again and again',
    description:
      'Keeps the request of a catalog, and starts it whenever the schedule is due: at times of a clock on the wall (`cron`) or every so often (`rate`). The expressions are those of Amazon EventBridge Scheduler, with its rules where clocks are put forward and back. A time at which the run before is still under way starts no second one.',
  },
  listSchedules: {
    tag: 'schedules',
    summary: 'The schedules, by name',
    description: 'A page of the schedules, by name, each with what came of its last time and when its next one is.',
  },
  getSchedule: {
    tag: 'schedules',
    summary: 'One schedule, its last time and its next',
    description: 'What the schedule surveys, when it is due next, and what came of the last time.',
  },
  changeSchedule: {
    tag: 'schedules',
    summary: 'Change, pause or resume a schedule',
    description:
      'Replaces what the body names, `catalog` as a whole. What was due while a schedule was paused, or before it was changed, is not made up for; runs that are under way go on.',
  },
  deleteSchedule: {
    tag: 'schedules',
    summary: 'Forget a schedule',
    description: 'Deletes the schedule and answers with what it was. Its runs and their reports stay.',
  },
  createWebhook: {
    tag: 'webhooks',
    summary: 'Have messages sent to a URL',
    description:
      'Whenever a survey starts or ends, a CloudEvent is posted to the URL, signed after the Standard Webhooks with the key that this answer shows, once. The URL begins with https:// and leads to no private address. What its receiver does not take is sent again for a day.',
  },
  listWebhooks: {
    tag: 'webhooks',
    summary: 'The webhooks, by name',
    description:
      'A page of the webhooks, by name, without their keys and without the values in the queries of their URLs.',
  },
  getWebhook: {
    tag: 'webhooks',
    summary: 'One webhook',
    description: 'Where messages are sent and which, without the key and without the values in the query of the URL.',
  },
  changeWebhook: {
    tag: 'webhooks',
    summary: 'Change or pause a webhook, or make it a new key',
    description:
      'Replaces what the body names. With `rotate_key` the answer shows a new key, once; messages are signed with the key before, too, for a day, so that the receiver can take over the new one without losing any.',
  },
  deleteWebhook: {
    tag: 'webhooks',
    summary: 'Forget a webhook and its key',
    description:
      'Deletes the webhook and answers with what it was. What has not been delivered to it is not sent any more.',
  },
  listDeliveries: {
    tag: 'webhooks',
    summary: 'What was sent to a webhook, and what is still to be',
    description:
      'A page of the messages for a webhook, those of the newest run first, each with its tries and what came of them. A message that could not be delivered within a day is `failed`, and kept for a month.',
  },
  retryDelivery: {
    tag: 'webhooks',
    summary: 'Send a message once more',
    description:
      'Makes the message due at once, whatever came of it before, with all its tries before it. It is sent within a minute, under the same id, by which its receiver knows it.',
  },
  listFindings: {
    tag: 'reports',
    summary: 'What a run found, most severe first, and what it did not look at',
    description:
      'A page of the findings of a run, the most severe first, each with the evidence behind it and what has become of it since the runs before. What was not looked at is listed beside them: there may be findings that nobody has looked for.',
  },
  readReport: {
    tag: 'reports',
    summary: 'A report, as a page or as data',
    description:
      'The HTML page as it was published, or, where JSON is accepted and HTML is not, the same as data. On AWS, a report of more than 5 MB is a redirect to a link that reads it for two minutes, which needs no key: send none there.',
  },
  listDatasets: {
    tag: 'datasets',
    summary: 'The sample datasets',
    description: 'The sample databases that come with Surveyor, without their columns.',
  },
  describeDataset: {
    tag: 'datasets',
    summary: 'The tables and columns of a sample dataset',
    description: 'The tables of a sample database with their columns and what each means.',
  },
  checkHealth: {
    tag: 'service',
    summary: 'Whether the service works',
    description: 'Answers without a key, for whoever watches the service.',
  },
  describeApi: {
    tag: 'service',
    summary: 'This API as an OpenAPI 3.1 document',
    description: 'What you are reading, made from the table of routes. Answers without a key.',
  },
};
