import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FunctionConfiguration, GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { FunctionLogs } from './function-logs.ts';
import type { FunctionError } from './function-process.ts';
import { type RunningFunction, startFunction } from './start-function.ts';

/** What a call of a function came to. */
export type FunctionAnswer = { readonly result: string } | { readonly error: FunctionError };

/** What goes wrong in a call on purpose; each is used up by one call. */
export type Disturbance =
  /** The call begins so much later. */
  | { readonly kind: 'late'; readonly milliseconds: number }
  /** The call begins when this has come. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> }
  /** The process is killed so long after the call began. */
  | { readonly kind: 'kill'; readonly milliseconds: number; readonly errorType?: string }
  /** The function has so much time, in place of what it is deployed with. */
  | { readonly kind: 'time'; readonly milliseconds: number }
  /** The function does its work and its answer does not arrive. */
  | { readonly kind: 'lose'; readonly errorType: string }
  /** The caller hears of a fault so long after the call began, and the function works on. */
  | { readonly kind: 'leave'; readonly milliseconds: number; readonly errorType: string }
  /** The function is not called at all. */
  | { readonly kind: 'refuse'; readonly errorType: string };

/** A call that was made. */
export type FunctionCall = {
  readonly name: string;
  readonly event: unknown;
  readonly began: number;
  milliseconds?: number;
  error?: FunctionError;
};

/** Lambda: runs the deployed bundles with the deployed environments, each function in warm processes of its own. */
export type FunctionHost = {
  readonly calls: readonly FunctionCall[];
  invoke(name: string, event: unknown): Promise<FunctionAnswer>;
  /** What goes wrong in the next call of a function that the condition holds for. */
  disturb(name: string, disturbance: Disturbance, condition?: (event: unknown) => boolean): void;
  /** Forgets the disturbances that no call has used up. */
  calm(): void;
  /** By how many milliseconds the functions' clocks are before those of all others, in calls from now on. */
  ahead: number;
  /** Resolves when no call is under way. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

/** What a host needs. */
export type FunctionHostOptions = {
  /** The code of each function, by its name. */
  readonly folders: ReadonlyMap<string, string>;
  /** Where the configuration of a deployed function is asked for. */
  readonly lambda: () => LambdaClient;
  /** Where everything that a function asks of AWS goes. */
  readonly endpoint: () => string;
  readonly logs: FunctionLogs;
  /** Variables beside those that the stack gives. */
  readonly environment?: Readonly<Record<string, string>>;
};

/** Processes that stay warm: each takes about 70 MB. */
const maxWarm = 14;

/** Starts no process yet: a function's first call does. */
export const createFunctionHost = (options: FunctionHostOptions): FunctionHost => {
  const { folders, logs } = options;
  const configurations = new Map<string, Promise<FunctionConfiguration>>();
  const warm: { readonly name: string; readonly running: RunningFunction }[] = [];
  const busy = new Set<RunningFunction>();
  const underWay = new Set<Promise<unknown>>();
  const disturbances: { name: string; disturbance: Disturbance; condition: (event: unknown) => boolean }[] = [];
  const calls: FunctionCall[] = [];

  const configurationOf = (name: string): Promise<FunctionConfiguration> => {
    const known = configurations.get(name);
    if (known !== undefined) return known;
    const asked = options.lambda().send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    configurations.set(name, asked);
    return asked;
  };

  const start = (name: string, configuration: FunctionConfiguration): RunningFunction => {
    const folder = folders.get(name);
    if (folder === undefined) throw new Error(`No function of the template is called ${name}.`);
    return startFunction(
      {
        ...configuration.Environment?.Variables,
        ...options.environment,
        PATH: process.env['PATH'] ?? '',
        LAMBDA_TASK_ROOT: folder,
        _HANDLER: configuration.Handler ?? '',
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.MemorySize ?? 128),
        AWS_REGION: 'us-east-1',
        // The key's id says to whoever receives a call which function made it.
        AWS_ACCESS_KEY_ID: name,
        // The emulator's, which checks the signatures of links.
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_ENDPOINT_URL: options.endpoint(),
        // Links that sandboxes fetch objects by lead there too.
        AWS_ENDPOINT_URL_S3: options.endpoint(),
      },
      (line) => logs.write(name, configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`, line),
    );
  };

  const take = async (name: string, configuration: FunctionConfiguration): Promise<RunningFunction> => {
    const found = warm.findIndex((one) => one.name === name);
    const [kept] = found === -1 ? [] : warm.splice(found, 1);
    const running = kept?.running ?? start(name, configuration);
    busy.add(running);
    return running;
  };

  const give = async (name: string, running: RunningFunction): Promise<void> => {
    busy.delete(running);
    warm.push({ name, running });
    if (warm.length > maxWarm) await warm.shift()?.running.kill();
  };

  const run = async (name: string, event: unknown): Promise<FunctionAnswer> => {
    const at = disturbances.findIndex((one) => one.name === name && one.condition(event));
    const disturbance = at === -1 ? undefined : disturbances.splice(at, 1)[0]?.disturbance;
    if (disturbance?.kind === 'refuse') return { error: broken(disturbance.errorType, 'The call was refused.') };
    const configuration = await configurationOf(name);
    if (disturbance?.kind === 'late') await sleep(disturbance.milliseconds);
    if (disturbance?.kind === 'held') await disturbance.until;
    const running = await take(name, configuration);
    // Lambda's time limit is that of the call: what a cold start takes does not count.
    await running.loaded;
    const request_id = randomUUID();
    const limit = disturbance?.kind === 'time' ? disturbance.milliseconds : (configuration.Timeout ?? 3) * 1_000;
    const overdue = new AbortController();
    const made = running.call({ event, request_id, deadline: Date.now() + limit, ahead: own.ahead });
    const reply = await Promise.race([
      made,
      sleep(limit, 'overdue' as const, { signal: overdue.signal }).catch(() => 'overdue' as const),
      ...(disturbance?.kind === 'kill' ? [sleep(disturbance.milliseconds, 'killed' as const)] : []),
      ...(disturbance?.kind === 'leave' ? [sleep(disturbance.milliseconds, 'left' as const)] : []),
    ]);
    overdue.abort();
    const about = `RequestId: ${request_id} Error:`;
    if (typeof reply === 'object' && !('exit' in reply)) {
      await give(name, running);
      return disturbance?.kind === 'lose' ? { error: broken(disturbance.errorType, 'The answer was lost.') } : reply;
    }
    if (reply === 'left' && disturbance?.kind === 'leave') {
      const left = made
        .then(async (late) => ('exit' in late ? busy.delete(running) : give(name, running)))
        .finally(() => underWay.delete(left));
      underWay.add(left);
      return { error: broken(disturbance.errorType, 'The caller waited no longer.') };
    }
    busy.delete(running);
    await running.kill();
    if (reply === 'overdue')
      return {
        error: broken('Sandbox.Timedout', `${about} Task timed out after ${(limit / 1_000).toFixed(2)} seconds`),
      };
    const how = typeof reply === 'string' ? 'signal: killed' : reply.exit;
    const errorType = (disturbance?.kind === 'kill' ? disturbance.errorType : undefined) ?? 'Runtime.ExitError';
    return { error: broken(errorType, `${about} Runtime exited with error: ${how}`) };
  };

  const invoke = async (name: string, event: unknown): Promise<FunctionAnswer> => {
    const call: FunctionCall = { name, event, began: Date.now() };
    calls.push(call);
    const answer = await run(name, event);
    call.milliseconds = Date.now() - call.began;
    if ('error' in answer) call.error = answer.error;
    await logs.flush();
    return answer;
  };

  const own: FunctionHost = {
    calls,
    ahead: 0,
    invoke: (name, event) => {
      const made = invoke(name, event).finally(() => underWay.delete(made));
      underWay.add(made);
      return made;
    },
    disturb: (name, disturbance, condition = () => true) => void disturbances.push({ name, disturbance, condition }),
    calm: () => void disturbances.splice(0),
    idle: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    close: async () => {
      await Promise.all([...busy, ...warm.map(({ running }) => running)].map((running) => running.kill()));
    },
  };
  return own;
};

const broken = (errorType: string, errorMessage: string): FunctionError => ({ errorType, errorMessage });
