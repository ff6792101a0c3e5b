import { LambdaClient } from '@aws-sdk/client-lambda';
import { clientLimits } from './client-limits.ts';
import { once } from './once.ts';

/** It asks once: who calls may call again, and knows what may be done twice. */
const createClient = (milliseconds: number): LambdaClient =>
  new LambdaClient({
    maxAttempts: 1,
    requestHandler: { ...clientLimits.requestHandler, requestTimeout: milliseconds, socketTimeout: milliseconds },
  });

/** The client of Lambda for functions: the function that they call gives up on its sandbox after 20 s. */
export const lambdaClient = once(() => createClient(60_000));

/** The client of Lambda that waits as long as a function may take. */
export const patientLambdaClient = once(() => createClient(920_000));
