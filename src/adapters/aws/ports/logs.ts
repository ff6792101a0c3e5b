import * as z from 'zod';
import { cloudwatchLogsClient } from '../clients/cloudwatch-logs-client.ts';
import { cloudwatchLogStore } from '../cloudwatch-log-store.ts';
import { awsPort, text } from './aws-port.ts';

/** What the functions of the deployment printed. */
export const logs = awsPort(z.object({ LOG_GROUP_NAME: text }), ({ LOG_GROUP_NAME }) =>
  cloudwatchLogStore({ client: cloudwatchLogsClient(), logGroup: LOG_GROUP_NAME }),
);
