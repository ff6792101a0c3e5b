import * as z from 'zod';
import { noSandbox } from '../absent-ports.ts';
import { awsPort } from './aws-port.ts';

/** The sandboxes of the deployment, of which there are none yet. */
export const sandbox = awsPort(z.object({}), () => noSandbox);
