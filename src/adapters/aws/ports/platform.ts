import * as z from 'zod';
import { awsPort } from './aws-port.ts';

/** Which platform this is. */
export const platform = awsPort(z.object({}), () => 'aws' as const);
