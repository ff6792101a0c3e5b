import { SFNClient } from '@aws-sdk/client-sfn';
import { clientLimits } from './client-limits.ts';
import { once } from './once.ts';

/** The client of Step Functions, one for all ports of a function. */
export const stepFunctionsClient = once(() => new SFNClient(clientLimits));
