import * as z from 'zod';
import { consoleAddresses } from '../console-addresses.ts';
import { awsPort, text } from './aws-port.ts';

/** Where the deployment's runs are seen in the console of AWS. Lambda itself says in which region it is. */
export const console = awsPort(z.object({ AWS_REGION: text, LOG_GROUP_NAME: text }), ({ AWS_REGION, LOG_GROUP_NAME }) =>
  consoleAddresses({ region: AWS_REGION, logGroup: LOG_GROUP_NAME }),
);
