import * as z from 'zod';
import { systemClock } from '../../system-clock.ts';
import { awsPort } from './aws-port.ts';

/** The time. */
export const clock = awsPort(z.object({}), systemClock);
