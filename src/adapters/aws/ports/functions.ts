import * as z from 'zod';
import { lambdaClient } from '../clients/lambda-client.ts';
import { lambdaFunctionCalls } from '../lambda-function-calls.ts';
import { awsPort, text } from './aws-port.ts';

/** The other functions of the deployment. */
export const functions = awsPort(z.object({ FUNCTION_ARN_PREFIX: text }), ({ FUNCTION_ARN_PREFIX }) =>
  lambdaFunctionCalls({ client: lambdaClient(), functionArnPrefix: FUNCTION_ARN_PREFIX }),
);
