import { expect, it } from 'vitest';
import { consoleAddresses } from '../../../src/adapters/aws/console-addresses.ts';
import { at, sampleRun } from '../../contracts/stores/samples.ts';

const arn = 'arn:aws:states:eu-central-1:123456789012:execution:surveyor-catalog';
const run_id = '01JD3Y6M9Q4T8V2X5Z7B1C3D4E';
const addresses = consoleAddresses({ region: 'eu-central-1', logGroup: 'surveyor-FunctionsLog/1' });

it('leads to the execution of each attempt, and to the lines of the log that name the run', () => {
  const run = sampleRun('acme', { run_id, attempt: 2, execution_id: `${arn}:${run_id}-2`, created_at: at(0) });
  expect(addresses.of(run)).toEqual({
    executions: [
      `https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/${arn}:${run_id}`,
      `https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/${arn}:${run_id}-2`,
    ],
    logs: `https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logsV2:log-groups/log-group/surveyor-FunctionsLog$252F1/log-events$3FfilterPattern$3D$2522${run_id}$2522$26start$3D1769860800000`,
  });
});

it('leads to what is recorded: nothing, where no execution is, and no attempt that is not', () => {
  const run = sampleRun('acme', { run_id });
  expect(addresses.of(run)).toBeUndefined();
  const resumed = { ...run, attempt: 2, execution_id: `${arn}:${run_id}` };
  expect(addresses.of(resumed)?.executions).toHaveLength(1);
});

it('knows the name that an execution had before its run', () => {
  const trigger = { kind: 'console', id: 'by-hand' } as const;
  const run = sampleRun('acme', { run_id, trigger, attempt: 2, execution_id: `${arn}:${run_id}-2` });
  expect(addresses.of(run)?.executions.map((address) => address.split(':').at(-1))).toEqual(['by-hand', `${run_id}-2`]);
});

it.each([
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
  ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
])('leads to the console of the cloud that the region %s is of', (region, home) => {
  const run = sampleRun('acme', { run_id, execution_id: `${arn}:${run_id}` });
  expect(consoleAddresses({ region, logGroup: 'g' }).of(run)?.logs.startsWith(home)).toBe(true);
});
