import type { TokenIssuer } from '../contracts/token-issuer.ts';
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';
import type { ConsoleAddresses } from './console-addresses.ts';
import type { DatasetFiles } from './dataset-files.ts';
import type { FunctionCalls } from './function-calls.ts';
import type { Log } from './log.ts';
import type { LogStore } from './log-store.ts';
import type { Model } from './model.ts';
import type { ObjectStore } from './object-store.ts';
import type { Prompts } from './prompts.ts';
import type { Sandbox } from './sandbox.ts';
import type { RunChanges } from './run-changes.ts';
import type { SandboxCertificates } from './sandbox-certificates.ts';
import type { Scheduler } from './scheduler.ts';
import type { SecretStore } from './secret-store.ts';
import type { SourceObjects } from './source-objects.ts';
import type { Stores } from './stores.ts';
import type { WebhookSender } from './webhook-sender.ts';
import type { Workflow } from './workflow.ts';

/** What the edge of the API is told from outside. */
export type ApiSettings = {
  /** Of one API key; 0 for no limit. */
  readonly requests_per_minute: number;
  /** Whose pages may read answers in a browser (`https://example.com`); none without a setting. */
  readonly origins: readonly string[];
  /** Whose tokens are taken beside API keys; none without a setting. */
  readonly issuer?: TokenIssuer | undefined;
};

/** Everything outside that a use case may need; each one takes the part it uses. */
export type Ports = Stores & {
  /** What runs keep of their work in the object store, one function for the next. */
  readonly documents: Pick<ObjectStore, 'get' | 'put' | 'putNew'>;
  /** The published reports. */
  readonly reports: Pick<ObjectStore, 'get' | 'link' | 'put'>;
  /** Evidence with its whole results; `evidence` is its table. */
  readonly evidenceObjects: Pick<ObjectStore, 'get' | 'put'>;
  readonly secrets: SecretStore;
  /** The secrets of webhooks alone: who reads them sees no credential of a database. */
  readonly webhookSecrets: Pick<SecretStore, 'get' | 'put' | 'delete'>;
  readonly workflow: Workflow;
  readonly scheduler: Scheduler;
  readonly webhookSender: WebhookSender;
  readonly sandbox: Sandbox;
  readonly certificates: SandboxCertificates;
  readonly model: Model;
  readonly prompts: Prompts;
  readonly datasets: DatasetFiles;
  readonly sourceObjects: SourceObjects;
  readonly clock: Clock;
  readonly log: Log;
  readonly logs: Pick<LogStore, 'query'>;
  readonly functions: FunctionCalls;
  readonly bus: Bus;
  readonly runChanges: RunChanges;
  readonly console: ConsoleAddresses;
  readonly api: ApiSettings;
  readonly platform: 'aws' | 'local';
  /** What of the service does not work just now, in words for anyone; absent where nobody watches it from inside. */
  readonly problems?: () => readonly string[];
  /** Replaces every prompt's model where it is set. */
  readonly modelOverride?: string;
};
