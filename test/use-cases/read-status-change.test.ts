import { describe, expect, it } from 'vitest';
import { readStatusChange } from '../../src/use-cases/read-status-change.ts';
import { ExecutionStatusChange } from '../../src/contracts/execution.ts';

const executionArn = 'arn:aws:states:eu-central-1:123456789012:execution:surveyor-catalog:run';

/** An event as EventBridge delivers it. */
const event = (detail: Readonly<Record<string, unknown>>): ExecutionStatusChange =>
  ExecutionStatusChange.parse({
    version: '0',
    id: '315c1398-40ff-a850-213b-158f73e60175',
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    account: '123456789012',
    detail: {
      executionArn,
      stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:surveyor-catalog',
      name: 'run',
      status: 'FAILED',
      input: JSON.stringify({ tenant: 'acme', run_id: 'run' }),
      ...detail,
    },
  });

describe('the event that ends an execution', () => {
  it('tells of the run whose execution it was, and why it ended', () => {
    expect(readStatusChange(event({ error: 'SANDBOX_LOST', cause: 'The sandbox is gone.' }))).toEqual({
      tenant: 'acme',
      run_id: 'run',
      execution_id: executionArn,
      name: 'run',
      status: 'FAILED',
      error: 'SANDBOX_LOST',
      cause: 'The sandbox is gone.',
    });
  });

  it('tells of one that succeeded too, which has no error', () => {
    expect(readStatusChange(event({ status: 'SUCCEEDED', error: null, output: '{}' }))).toMatchObject({
      status: 'SUCCEEDED',
      error: '',
      cause: '',
    });
  });

  it('is of no run where an agent’s loop ended, or an execution of somebody else', () => {
    const loop = JSON.stringify({ tenant: 'acme', run_id: 'run', node: 'cataloging' });
    for (const input of [loop, '{}', '', null]) expect(readStatusChange(event({ input }))).toBeUndefined();
  });
});
