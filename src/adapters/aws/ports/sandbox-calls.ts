import * as z from 'zod';
import { dynamoClient } from '../clients/dynamo-client.ts';
import { fargateCalls } from '../fargate/call-sandbox.ts';
import { trustedCertificates } from '../trusted-certificates.ts';
import { awsPort, text } from './aws-port.ts';

/** The sandboxes of the deployment as those see them who call them from within their network: nobody takes one there. */
export const sandboxCalls = awsPort(z.object({ TABLE_NAME: text }), ({ TABLE_NAME }) =>
  fargateCalls({ list: trustedCertificates({ client: dynamoClient(), table: TABLE_NAME }) }),
);
