import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { setTimeout as sleep } from 'node:timers/promises';
import { measures, patternOf } from '../../../lib/operations/log-metrics.ts';
import { stateFunctions } from '../../../lib/function-table.ts';
import type { RunView } from '../../../src/contracts/run.ts';
import { startedExecutions } from '../../../src/domain/run/steps-from-history.ts';
import type { HistoryEvent } from '../../../src/contracts/execution.ts';
import type { AwsPlatform } from '../../aws/platform/aws-platform.ts';
import type { Synthesis } from '../../aws/platform/synthesize.ts';
import { fitsFilterPattern } from '../../support/fits-filter-pattern.ts';
import type { CallMeter } from './call-meter.ts';
import { addUsage, type Usage } from './price-list.ts';
import type { TaskMeter } from './task-meter.ts';

/** What work of the deployed stack has taken. */
export type Measured = {
  readonly usage: Usage;
  /** Calls of AWS's services by the functions: `service operation`. */
  readonly calls: Readonly<Record<string, number>>;
};

/** What measures a platform. */
export type Meters = { readonly calls: CallMeter; readonly tasks: TaskMeter };

/** Bytes that Lambda itself logs of a call in JSON (start, report, with tracing), that API Gateway logs of a request, that CloudWatch adds to a line. */
const bytesOf = { functionCall: 1_000, request: 400, line: 26 } as const;
/** Bytes that Step Functions writes around the details of an event: the execution, the times, the numbers. */
const eventBytes = 300;
const vCpus = 2;
const gigabytes = 8;

/** One catalog of a sample dataset: its request, the run to its end, and what one looks at then: the run and both reports. */
export const measureCatalog = async (
  aws: AwsPlatform,
  synthesis: Synthesis,
  meters: Meters,
): Promise<Measured & { readonly run: RunView; readonly taskSeconds: number }> => {
  const tenant = 'bench';
  const api = await aws.apiOf(tenant);
  await aws.functions.idle();
  meters.calls.take();
  const before = aws.functions.calls.length;
  const { run_id } = await api.createCatalog({ dataset: 'ecommerce', s3_prefix: 'reports/bench' });
  // By the store itself: to ask the API would be billed.
  for (let waited = 0; (await aws.stores.runs.get(tenant, run_id))?.status === 'running'; waited += 1) {
    if (waited > 2_400) throw new Error(`The run ${run_id} has not ended within ten minutes.`);
    await sleep(250);
  }
  const run = await api.getRun({ id: run_id });
  if (run.status !== 'succeeded') throw new Error(`The run has ${run.status}: ${run.failure?.message ?? ''}`);
  for (const { agent } of run.reports) await api.readReport({ id: run_id, agent });
  const requests = 2 + run.reports.length;
  await aws.functions.idle();

  const { execution_id = '' } = (await aws.stores.runs.get(tenant, run_id)) ?? {};
  const histories = await allHistories(aws, execution_id);
  const transitions = histories.reduce((sum, events) => sum + transitionsOf(events), 0);
  const taskSeconds = meters.tasks.seconds.reduce((sum, one) => sum + one, 0);
  const lines = await functionLines(aws, synthesis);
  const own = {
    'api-requests': requests,
    'state-transitions': transitions,
    'fargate-vcpu-seconds': vCpus * taskSeconds,
    'fargate-gb-seconds': gigabytes * taskSeconds,
    // Of each metric in each hour that it has a value in.
    'metric-hours': Object.values(measures).filter((measure) =>
      lines.some((line) => fitsFilterPattern(patternOf(measure), line)),
    ).length,
    'log-gb':
      (bytesOf.request * requests +
        histories.flat().reduce((sum, event) => sum + eventBytes + Buffer.byteLength(JSON.stringify(event)), 0)) /
      1e9,
    // The task's start reads the certificate.
    'secret-calls': 1,
  };
  const functions = await functionUsage(aws, synthesis, before, lines);
  const { usage, calls } = meters.calls.take();
  return { run, taskSeconds, calls, usage: addUsage(addUsage(usage, own), functions) };
};

/** What a function takes that a rule calls by the clock, when there is nothing to do. */
export const measureTick = async (
  aws: AwsPlatform,
  synthesis: Synthesis,
  meters: Meters,
  name: string,
): Promise<Measured> => {
  const tick = async (): Promise<void> => {
    const before = aws.functions.calls.length;
    await aws.events.tick(name);
    // Called asynchronously: it may not have begun.
    while (aws.functions.calls.length === before) await sleep(20);
    await aws.functions.idle();
  };
  // Warm, as one is that is called every few minutes.
  await tick();
  meters.calls.take();
  const [before, printed] = [aws.functions.calls.length, (await functionLines(aws, synthesis)).length];
  await tick();
  const lines = (await functionLines(aws, synthesis)).slice(printed);
  const functions = await functionUsage(aws, synthesis, before, lines);
  const { usage, calls } = meters.calls.take();
  return { calls, usage: addUsage(usage, functions) };
};

/** The calls of functions from one on. A state's call is part of its execution's trace, any other has one of its own. */
const functionUsage = async (
  aws: AwsPlatform,
  { resources }: Synthesis,
  from: number,
  lines: readonly string[],
): Promise<Usage> => {
  const calls = aws.functions.calls.slice(from);
  const megabytes = new Map(
    Object.values(resources)
      .filter(({ Type, Properties }) => Type === 'AWS::Lambda::Function' && 'FunctionName' in Properties)
      .map(({ Properties }) => [String(Properties['FunctionName']), Number(Properties['MemorySize'])]),
  );
  const inStates = new Set(stateFunctions.map((name) => `surveyor-${name}`));
  return {
    'lambda-requests': calls.length,
    'lambda-gb-seconds': calls.reduce(
      (sum, { name, milliseconds = 0 }) => sum + ((megabytes.get(name) ?? Number.NaN) / 1_024) * (milliseconds / 1_000),
      0,
    ),
    'log-gb':
      (bytesOf.functionCall * calls.length +
        lines.reduce((sum, line) => sum + bytesOf.line + Buffer.byteLength(line), 0)) /
      1e9,
    traces: calls.filter(({ name }) => !inStates.has(name)).length,
  };
};

/** Everything that functions have printed. */
const functionLines = async ({ deployment, ministack }: AwsPlatform, { resources }: Synthesis): Promise<string[]> => {
  const [id = ''] =
    Object.entries(resources).find(
      ([, { Type, Metadata }]) =>
        Type === 'AWS::Logs::LogGroup' && String(Metadata?.['aws:cdk:path']).includes('/Functions/'),
    ) ?? [];
  const client = new CloudWatchLogsClient(ministack.client);
  const lines: string[] = [];
  for await (const { events = [] } of paginateFilterLogEvents(
    { client },
    { logGroupName: deployment.physicalIds.get(id) },
  ))
    lines.push(...events.map(({ message = '' }) => message));
  return lines;
};

const allHistories = async (aws: AwsPlatform, executionId: string): Promise<readonly (readonly HistoryEvent[])[]> => {
  const events = await aws.machines.history(executionId);
  const below: (readonly HistoryEvent[])[] = [];
  for (const child of startedExecutions(events).values()) below.push(...(await allHistories(aws, child)));
  return [events, ...below];
};

/** Every state that was entered, and every retry of a task. */
const transitionsOf = (events: readonly HistoryEvent[]): number => {
  const count = (type: RegExp): number => events.filter((event) => type.test(event.type)).length;
  return count(/StateEntered$/) + Math.max(0, count(/^(Task|LambdaFunction)Scheduled$/) - count(/^TaskStateEntered$/));
};
