import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import catalog from '../../state-machines/catalog.chain.json' with { type: 'json' };
import connectionTest from '../../state-machines/connection-test.chain.json' with { type: 'json' };
import { httpsWebhookSender } from '../../src/adapters/https-webhook-sender.ts';
import { analystModel } from '../../src/adapters/analyst-model.ts';
import { claudeModel } from '../../src/adapters/claude-model.ts';
import { aslWorkflow } from '../../src/adapters/local/asl-workflow.ts';
import { fileObjectStore } from '../../src/adapters/local/file-object-store.ts';
import { fileSecretStore } from '../../src/adapters/local/file-secret-store.ts';
import { objectPorts } from '../../src/adapters/object-ports.ts';
import { inProcessBus } from '../../src/adapters/local/in-process-bus.ts';
import { localSourceObjects } from '../../src/adapters/local/local-source-objects.ts';
import { localFunctionCalls } from '../../src/adapters/local/local-function-calls.ts';
import { noCertificates } from '../../src/adapters/local/no-certificates.ts';
import { localDatasetFiles } from '../../src/adapters/local/local-dataset-files.ts';
import { outboxPump } from '../../src/adapters/local/outbox-pump.ts';
import { processSandbox } from '../../src/adapters/local/process-sandbox.ts';
import { ensurePythonEnvironment } from '../../src/adapters/local/python-environment.ts';
import { scheduleTimer } from '../../src/adapters/local/schedule-timer.ts';
import { openServiceLog } from '../../src/adapters/local/open-service-log.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { powertoolsLog } from '../../src/adapters/powertools-log.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { Chain } from '../../src/contracts/chain.ts';
import { compileChain } from '../../src/domain/chain/compile-chain.ts';
import { partMachines } from '../../src/domain/chain/part-machines.ts';
import { measuredLines } from '../../src/contracts/measured-lines.ts';
import { reconcileMinutes } from '../../src/contracts/reconcile-minutes.ts';
import { deliverMessages } from '../../src/contracts/tasks/deliver-messages.ts';
import { isTaskName } from '../../src/contracts/tasks.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { keepSteps } from '../../src/use-cases/keep-steps.ts';
import { publishMessage } from '../../src/use-cases/publish-message.ts';
import { reconcileRuns } from '../../src/use-cases/reconcile-runs.ts';
import { localTenant, readOrMakeApiKey, registerApiKey } from './api-key.ts';
import { httpHandlers, taskHandlers } from './handlers.ts';
import { serveHttp } from './http-server.ts';
import { localPrompts } from './prompts.ts';
import type { Settings } from './settings.ts';

/** The running embedded default. */
export type Service = {
  readonly url: string;
  readonly apiKey: string;
  readonly settings: Settings;
  /** A link that a browser can follow once; it then carries a session, since it cannot send the API key. */
  browserUrl(path: string): string;
  /** Where a report lies on this machine. */
  reportFile(htmlKey: string): string;
  /** Makes the files of a sample dataset where they are missing; answers with their folder. */
  seed(dataset: string): Promise<string>;
  /** Stops the runs that are under way, and everything that the service started. */
  stop(): Promise<void>;
};

/** A receiver that does not answer keeps a service that stops no longer than this. */
const lastDeliveriesMilliseconds = 5_000;

/** What the starter is told while it waits. */
export type ServiceOptions = {
  readonly onProgress?: (message: string) => void;
  /** Whether schedules start their surveys here: not where the service ends with a command, and would break them off. */
  readonly firesSchedules?: boolean;
  /** That of the claim on its home, by which those find it who can read the home. */
  readonly secret?: string;
};

/**
 * Binds the local adapters to the handlers, and starts them: the stores in `.surveyor/`, the engine with its machines,
 * a warm sandbox, the API on 127.0.0.1.
 */
export const startService = async (settings: Settings, options: ServiceOptions = {}): Promise<Service> => {
  const { home } = settings;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const apiKeyFile = join(settings.configDir, 'api-key');
  const apiKey = readOrMakeApiKey(apiKeyFile);
  const logs = openServiceLog(join(home, 'log.sqlite'), options.onProgress ?? (() => {}));
  const log = powertoolsLog({
    service: 'surveyor',
    level: settings.logLevel,
    sink: (entry) => logs.append([entry]),
    quiet: true,
  });
  const stores = openSqliteStores(join(home, 'store.sqlite'));
  const secrets = fileSecretStore({
    dataFile: join(home, 'secrets.sqlite'),
    keyFile: join(settings.configDir, 'secret-key'),
  });
  const clock = systemClock();
  const datasets = localDatasetFiles({ dir: join(home, 'datasets') });
  const sandbox = processSandbox({
    dataDir: home,
    // The store and the secrets are every tenant’s: whoever may name a path must not survey them.
    folders: { closed: [home, settings.configDir], except: [join(home, 'datasets')] },
    warm: settings.warmSandboxes,
    most: settings.sandboxes,
    isolation: settings.isolation,
    objectOrigin: settings.objectOrigin,
    log,
    python: pythonEnvironment(settings, options),
  });

  const workflow = aslWorkflow({
    invoke: async (name, payload, signal) => {
      if (!isTaskName(name)) throw new Error(`No function is called "${name}".`);
      return tasks[name](payload, { signal });
    },
    onStatusChange: async (event) => {
      await tasks['settle-run'](event);
    },
    onError: (error) => log.error('status change not handled', { error }),
    onProgress: (execution) => keepSteps(ports, execution),
  });
  const scheduler = scheduleTimer({
    schedules: (tell) => stores.schedules.all(tell),
    startScheduled: (call) => tasks['start-scheduled'](call),
    clock,
    onError: (error, about) => log.error('schedule not started', { ...about, error }),
  });
  const functions = localFunctionCalls((name, input) => tasks[name](input));
  const ports: Ports = {
    ...stores,
    scheduler,
    webhookSender: httpsWebhookSender({ networks: settings.webhookNetworks }),
    ...objectPorts(fileObjectStore(join(home, 'objects'))),
    secrets,
    webhookSecrets: secrets,
    workflow,
    sandbox,
    model:
      settings.anthropicApiKey === undefined
        ? analystModel()
        : claudeModel({
            apiKey: settings.anthropicApiKey,
            ...(settings.anthropicBaseUrl === undefined ? {} : { baseUrl: settings.anthropicBaseUrl }),
          }),
    prompts: localPrompts(settings).prompts,
    datasets,
    sourceObjects: localSourceObjects({ clock, origin: settings.objectOrigin }),
    certificates: noCertificates,
    clock,
    log,
    logs,
    functions,
    // The outbox is what tells of changes here.
    runChanges: { of: () => [] },
    bus: inProcessBus((error) => log.error('message not heard', { error })),
    console: { of: () => undefined },
    api: { requests_per_minute: settings.requestsPerMinute, origins: settings.origins, issuer: settings.issuer },
    platform: 'local',
    // Which file it is, is nobody's business who has no key.
    problems: () => (logs.problem() === undefined ? [] : ['The log is not kept.']),
    ...(settings.model === undefined ? {} : { modelOverride: settings.model }),
  };
  const tasks = taskHandlers(ports);

  const pump = outboxPump({
    outbox: stores.outbox,
    publish: (message) => publishMessage(ports, message),
    deliver: () => functions.send(deliverMessages, {}),
    onUnreadable: (number, error) =>
      log.error(measuredLines.deliveryFailed, { outbox: number, error, reason: 'The message cannot be read.' }),
    onError: (error) => log.error('messages not published', { error }),
  });

  await registerApiKey(stores.apiKeys, clock, apiKey, apiKeyFile);
  // What ran when the service ended runs no more, and nobody takes requests yet.
  const chains = [catalog, connectionTest].map((chain) => Chain.parse(chain));
  await reconcileRuns(ports, { grace_seconds: 0, chains });
  for (const [name, compile] of Object.entries(partMachines)) await workflow.deploy(name, compile());
  for (const chain of chains) await workflow.deploy(chain.name, compileChain(chain));
  const server = await serveHttp({
    port: settings.port,
    apiKey,
    handlers: httpHandlers(ports),
    origins: settings.origins,
    log,
    strangersPerMinute: settings.requestsPerMinute,
    ...(options.secret === undefined ? {} : { secret: options.secret }),
  });
  const reconciling = setInterval(() => {
    tasks['reconcile-runs']({}).catch((error: unknown) => log.error('runs not reconciled', { error }));
  }, reconcileMinutes * 60_000);

  pump.start();
  if (options.firesSchedules === true) scheduler.start();

  return {
    url: server.url,
    apiKey,
    settings,
    browserUrl: (path) => server.browserUrl(path),
    reportFile: (key) => join(home, 'objects', localTenant, key),
    seed: async (dataset) => (await datasets.seed(dataset)).path,
    stop: async () => {
      clearInterval(reconciling);
      await server.stop();
      await scheduler.stop();
      await workflow.close('The service was stopped.');
      // The runs that it ended are told of, too; what is not delivered by then is when a service starts again.
      await pump.stop();
      await functions.idle(lastDeliveriesMilliseconds);
      await sandbox.close();
      secrets.close();
      stores.close();
      logs.close();
    },
  };
};

/** The kernel's Python, made on first need: whoever asks while it is being made waits for the same one. */
const pythonEnvironment = (settings: Settings, options: ServiceOptions): (() => Promise<string>) => {
  let made: Promise<string> | undefined;
  return () =>
    (made ??= ensurePythonEnvironment({
      cacheDir: settings.cacheDir,
      requirementsFile: join(settings.root, 'runner-task/kernel/requirements.txt'),
      onProgress: options.onProgress ?? (() => {}),
      ...(settings.python === undefined ? {} : { python: settings.python }),
    }).catch((thrown: unknown) => {
      // The next one who needs it tries again: the network may be back.
      made = undefined;
      throw thrown;
    }));
};
