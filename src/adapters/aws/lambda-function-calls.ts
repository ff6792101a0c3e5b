import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { reportOfCause } from '../../contracts/failure-cause.ts';
import { failureFrom } from '../../contracts/failure-report.ts';
import type { FunctionCalls } from '../../ports/function-calls.ts';
import { awsFailure } from './aws-failure.ts';

/** What Lambda answers of an error that the function threw, or of its time or memory. */
const Thrown = z.object({ errorType: z.string().default('INTERNAL') });

/** Calls of functions by Lambda. */
export const lambdaFunctionCalls = (options: {
  readonly client: Pick<LambdaClient, 'send'>;
  /** Before the name of a task's function it makes the ARN of its function. */
  readonly functionArnPrefix: string;
}): FunctionCalls => ({
  async call(task, input) {
    const name = `${options.functionArnPrefix}${task.function}`;
    const { FunctionError, Payload } = await options.client
      .send(
        new InvokeCommand({ FunctionName: name, InvocationType: 'RequestResponse', Payload: JSON.stringify(input) }),
      )
      .catch((thrown: unknown) => {
        throw awsFailure(`The function ${task.function}`, thrown);
      });
    const text = new TextDecoder().decode(Payload);
    if (FunctionError !== undefined) {
      const { errorType } = Thrown.catch({ errorType: 'INTERNAL' }).parse(parse(text));
      throw failureFrom(reportOfCause(errorType, text));
    }
    return task.output.parse(parse(text));
  },
  async send(task, input) {
    const FunctionName = `${options.functionArnPrefix}${task.function}`;
    await options.client
      .send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(input) }))
      .catch((thrown: unknown) => {
        throw awsFailure(`The function ${task.function}`, thrown);
      });
  },
});

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
