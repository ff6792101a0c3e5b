import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import { describeTask, type EcsTask, familyOf } from './ecs-task.ts';
import type { RunTaskInput, StartTask, TaskEnd } from './start-task.ts';

/**
 * ECS as far as Surveyor speaks to it, over its wire protocol, on loopback: RunTask, DescribeTasks, ListTasks, StopTask. What
 * a task is made of is plugged in: `startTask` starts a real supervisor (`supervisor-task.ts`) or answers as a test wants it.
 * `next` says what happens to the RunTasks to come, one after another; when it is empty, tasks start.
 *
 *   const ecs = await startEcsServer({ startTask });
 *   ecs.next.push({ kind: 'no capacity' }, { kind: 'never running' });
 *   const client = new ECSClient(ecs.client);      // or AWS_ENDPOINT_URL_ECS=ecs.client.endpoint
 */

/** What is to happen to a RunTask. */
export type RunTaskScript =
  | { readonly kind: 'start' }
  /** An error of the service. */
  | { readonly kind: 'refused'; readonly name: string; readonly message: string }
  /** Answered with a failure in place of a task, as Fargate does where it has no capacity. */
  | { readonly kind: 'no capacity' }
  /** The task is there and stays PROVISIONING. */
  | { readonly kind: 'never running' }
  /** The task stops before it runs. */
  | { readonly kind: 'stopped'; readonly end: TaskEnd }
  /** It runs, and no network interface shows an address. */
  | { readonly kind: 'no address' }
  /** It starts, and the connection breaks before the answer. */
  | { readonly kind: 'answer lost' }
  /** The answer is lost, and the client token is forgotten: asked again, it starts a second one. */
  | { readonly kind: 'runs twice' };

/** A call that was made. */
export type EcsCall = { readonly action: string; readonly input: Readonly<Record<string, unknown>> };

/** A running server. */
export type EcsServer = {
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly next: RunTaskScript[];
  /** Done before a call is looked at, where a test says so. */
  before: ((action: string) => Promise<void>) | undefined;
  readonly calls: readonly EcsCall[];
  /** All tasks that were ever started, the oldest first. */
  readonly tasks: readonly Readonly<EcsTask>[];
  /** Those that have not stopped, nor are asked to. */
  living(): readonly Readonly<EcsTask>[];
  /** Ends a task from outside, as a fault of its host would. */
  kill(arn: string, end: TaskEnd): Promise<void>;
  close(): Promise<void>;
};

class EcsError extends Error {
  readonly more: object;
  constructor(name: string, message: string, more: object = {}) {
    super(message);
    this.name = name;
    this.more = more;
  }
}

const largestOverrides = 8_192;
const account = 'arn:aws:ecs:us-east-1:000000000000';

/** Starts one on a free port of loopback. */
export const startEcsServer = async ({ startTask }: { readonly startTask: StartTask }): Promise<EcsServer> => {
  const tasks: EcsTask[] = [];
  const byToken = new Map<string, EcsTask>();
  const calls: EcsCall[] = [];
  const next: RunTaskScript[] = [];

  const end = async (task: EcsTask, why: TaskEnd): Promise<void> => {
    if (task.desired === 'STOPPED') return;
    task.desired = 'STOPPED';
    task.end = why;
    task.status = 'DEPROVISIONING';
    await task.stop();
    task.status = 'STOPPED';
  };
  const start = async (task: EcsTask, script: RunTaskScript): Promise<void> => {
    if (script.kind === 'never running') return;
    if (script.kind === 'stopped') return end(task, script.end);
    task.status = 'PENDING';
    const started = await startTask(task.input);
    if ('stopped' in started) return end(task, started.stopped);
    task.stop = () => started.stop();
    // It was stopped while it started.
    if (task.desired === 'STOPPED') return started.stop();
    if (script.kind !== 'no address') task.address = started.address;
    task.status = 'RUNNING';
    void started.ended.then((why) => end(task, why));
  };

  const runTask = (input: RunTaskInput): { readonly body: object; readonly lost: boolean } => {
    check(input);
    const token = input.clientToken ?? randomBytes(16).toString('hex');
    const known = byToken.get(token);
    if (known !== undefined) {
      if (!isDeepStrictEqual(known.input, input))
        throw new EcsError('ConflictException', 'The client token was used with other parameters.', {
          resourceIds: [known.arn],
        });
      return { body: { tasks: [describeTask(known, input.cluster)], failures: [] }, lost: false };
    }
    const script = next.shift() ?? { kind: 'start' };
    if (script.kind === 'refused') throw new EcsError(script.name, script.message);
    if (script.kind === 'no capacity') {
      const reason = 'Capacity is unavailable at this time. Please try again later or in a different availability zone';
      return { body: { tasks: [], failures: [{ reason }] }, lost: false };
    }
    const task: EcsTask = {
      arn: `${account}:task/${input.cluster.split('/').at(-1) ?? ''}/${randomBytes(16).toString('hex')}`,
      input,
      createdAt: Date.now(),
      status: 'PROVISIONING',
      desired: 'RUNNING',
      stop: async () => undefined,
    };
    tasks.push(task);
    if (script.kind !== 'runs twice') byToken.set(token, task);
    void start(task, script).catch((error: unknown) =>
      end(task, { stopCode: 'TaskFailedToStart', stoppedReason: String(error) }),
    );
    const lost = script.kind === 'answer lost' || script.kind === 'runs twice';
    return { body: { tasks: [describeTask(task, input.cluster)], failures: [] }, lost };
  };

  const find = (arn: string): EcsTask | undefined =>
    tasks.find((task) => task.arn === arn || task.arn.endsWith(`/${arn}`));

  const perform = async (action: string, input: Record<string, unknown>): Promise<{ body: object; lost: boolean }> => {
    const answer = (body: object) => ({ body, lost: false });
    switch (action) {
      case 'RunTask':
        return runTask(input as unknown as RunTaskInput);
      case 'DescribeTasks': {
        const { tasks: arns, cluster } = input as { tasks: readonly string[]; cluster: string };
        if (arns.length > 100) throw new EcsError('InvalidParameterException', 'At most 100 tasks.');
        const found = arns.map((arn) => ({ arn, task: find(arn) }));
        return answer({
          tasks: found.flatMap(({ task }) => (task === undefined ? [] : [describeTask(task, cluster)])),
          failures: found.flatMap(({ arn, task }) => (task === undefined ? [{ arn, reason: 'MISSING' }] : [])),
        });
      }
      case 'ListTasks': {
        const { startedBy, family, desiredStatus = 'RUNNING', maxResults = 100, nextToken = '0' } = input;
        if (startedBy !== undefined && family !== undefined)
          throw new EcsError('InvalidParameterException', 'startedBy must be the only filter.');
        const wanted = tasks.filter(
          (task) =>
            task.desired === desiredStatus &&
            (startedBy === undefined || task.input.startedBy === startedBy) &&
            (family === undefined || familyOf(task.input.taskDefinition) === family),
        );
        const from = Number(nextToken);
        const to = from + Number(maxResults);
        return answer({
          taskArns: wanted.slice(from, to).map(({ arn }) => arn),
          ...(to < wanted.length ? { nextToken: String(to) } : {}),
        });
      }
      case 'StopTask': {
        const { task: arn, cluster, reason = '' } = input as { task: string; cluster: string; reason?: string };
        const task = find(arn);
        if (task === undefined) throw new EcsError('InvalidParameterException', 'The referenced task was not found.');
        // ECS answers when it has told the task, not when that has ended.
        void end(task, { stopCode: 'UserInitiated', stoppedReason: reason });
        return answer({ task: describeTask(task, cluster) });
      }
      default:
        throw new EcsError('InvalidAction', `The test server knows no ${action}.`);
    }
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const action = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    const input = JSON.parse((await text(request)) || '{}') as Record<string, unknown>;
    calls.push({ action, input });
    await server.before?.(action);
    try {
      const { body, lost } = await perform(action, input);
      if (lost) request.socket.destroy();
      else reply(response, 200, body);
    } catch (thrown) {
      if (!(thrown instanceof EcsError)) throw thrown;
      reply(response, 400, { __type: thrown.name, message: thrown.message, ...thrown.more });
    }
  };
  const listener = createServer((request, response) => {
    serve(request, response).catch((error: unknown) =>
      reply(response, 500, { __type: 'ServerException', message: String(error) }),
    );
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  const server: EcsServer = {
    before: undefined,
    client: {
      endpoint: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    next,
    calls,
    tasks,
    living: () => tasks.filter(({ desired }) => desired === 'RUNNING'),
    async kill(arn, why) {
      const task = find(arn);
      if (task !== undefined) await end(task, why);
    },
    async close() {
      listener.closeAllConnections();
      listener.close();
      await Promise.all(tasks.map((task) => end(task, { stopCode: 'UserInitiated', stoppedReason: 'closed' })));
    },
  };
  return server;
};

const reply = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
};

/** What ECS refuses before it looks at anything else. */
const check = ({ overrides, clientToken = 'x', startedBy = 'x', ...input }: RunTaskInput): void => {
  const refuse = (message: string): never => {
    throw new EcsError('InvalidParameterException', message);
  };
  if (input.launchType !== 'FARGATE') refuse('Only Fargate runs here.');
  if (JSON.stringify(overrides ?? {}).length > largestOverrides)
    refuse('Container Overrides length must be at most 8192');
  if (!/^[\x21-\x7e]{1,64}$/.test(clientToken)) refuse('Client token is not valid.');
  if (!/^[A-Za-z0-9\-/_]{1,128}$/.test(startedBy)) refuse('startedBy is not valid.');
  const { subnets = [], securityGroups = [] } = input.networkConfiguration?.awsvpcConfiguration ?? {};
  if (subnets.length === 0 || subnets.length > 16) refuse('Between 1 and 16 subnets.');
  if (securityGroups.length > 5) refuse('At most 5 security groups.');
};
