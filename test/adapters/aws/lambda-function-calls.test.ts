import type { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { collectLastEvidence } from '../../../src/contracts/tasks/collect-last-evidence.ts';
import { lambdaFunctionCalls } from '../../../src/adapters/aws/lambda-function-calls.ts';

const input = { tenant: 'acme', run_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' };

/** Lambda, which answers what the test says. */
const callsTo = (answer: () => { readonly FunctionError?: string; readonly Payload: string }) => {
  const sent: Readonly<Record<string, unknown>>[] = [];
  const client = {
    send: async (command: { readonly input: Readonly<Record<string, unknown>> }) => {
      sent.push(command.input);
      const { Payload, ...rest } = answer();
      return { ...rest, Payload: new TextEncoder().encode(Payload) };
    },
  } as unknown as Pick<LambdaClient, 'send'>;
  return { sent, calls: lambdaFunctionCalls({ client, functionArnPrefix: 'arn:aws:lambda:eu-west-1:1:function:s-' }) };
};

describe('calling a function by Lambda', () => {
  it('waits for its answer', async () => {
    const { sent, calls } = callsTo(() => ({ Payload: '{"collected":true}' }));
    expect(await calls.call(collectLastEvidence, input)).toEqual({ collected: true });
    expect(sent).toEqual([
      {
        FunctionName: 'arn:aws:lambda:eu-west-1:1:function:s-collect-last-evidence',
        InvocationType: 'RequestResponse',
        Payload: JSON.stringify(input),
      },
    ]);
  });

  it('fails as the function does', async () => {
    const { calls } = callsTo(() => ({
      FunctionError: 'Unhandled',
      Payload: JSON.stringify({ errorType: 'SANDBOX_LOST', errorMessage: 'It is gone.', trace: [] }),
    }));
    await expect(calls.call(collectLastEvidence, input)).rejects.toMatchObject({
      kind: 'SANDBOX_LOST',
      message: 'It is gone.',
    });
  });

  it('tells of a function that ran out of time, whose error is no row of the failure table', async () => {
    const { calls } = callsTo(() => ({
      FunctionError: 'Unhandled',
      Payload: JSON.stringify({ errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 60.00 seconds' }),
    }));
    await expect(calls.call(collectLastEvidence, input)).rejects.toMatchObject({
      kind: 'INTERNAL',
      message: expect.stringContaining('Task timed out after 60.00 seconds') as string,
    });
  });

  it('fails with STORAGE_FAILED where Lambda refuses the call', async () => {
    const { calls } = callsTo(() => {
      throw Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    });
    await expect(calls.call(collectLastEvidence, input)).rejects.toMatchObject({
      kind: 'STORAGE_FAILED',
      message: expect.stringContaining('Grant the function’s role access') as string,
    });
  });
});
