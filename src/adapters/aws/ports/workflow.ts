import * as z from 'zod';
import { stepFunctionsClient } from '../clients/step-functions-client.ts';
import { stepFunctionsWorkflow } from '../step-functions-workflow.ts';
import { awsPort, text } from './aws-port.ts';

/** The machines of the deployment. */
export const workflow = awsPort(
  z.object({ MACHINE_ARN_PREFIX: text, FUNCTION_ARN_PREFIX: text, MACHINE_ROLE_ARN: text }),
  ({ MACHINE_ARN_PREFIX, FUNCTION_ARN_PREFIX, MACHINE_ROLE_ARN }) =>
    stepFunctionsWorkflow({
      client: stepFunctionsClient(),
      settings: {
        machineArnPrefix: MACHINE_ARN_PREFIX,
        functionArnPrefix: FUNCTION_ARN_PREFIX,
        machineRoleArn: MACHINE_ROLE_ARN,
      },
    }),
);
