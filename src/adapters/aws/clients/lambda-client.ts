import { LambdaClient } from '@aws-sdk/client-lambda';
import { clientLimits } from './client-limits.ts';
import { once } from './once.ts';

/** What the called function may take: it gives up on its sandbox after 20 s. */
const milliseconds = 60_000;

/** The client of Lambda. It asks once: who calls may call again, and knows what may be done twice. */
export const lambdaClient = once(
  () =>
    new LambdaClient({
      maxAttempts: 1,
      requestHandler: { ...clientLimits.requestHandler, requestTimeout: milliseconds, socketTimeout: milliseconds },
    }),
);
