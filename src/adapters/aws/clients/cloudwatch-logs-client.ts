import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { clientLimits } from './client-limits.ts';
import { once } from './once.ts';

/** The client of CloudWatch Logs, one for all ports of a function. */
export const cloudwatchLogsClient = once(() => new CloudWatchLogsClient(clientLimits));
