import * as z from 'zod';
import { LogLevel } from '../../../contracts/log-entry.ts';
import { powertoolsLog } from '../../powertools-log.ts';
import { awsPort } from './aws-port.ts';

/** What a function prints. */
export const log = awsPort(z.object({ LOG_LEVEL: LogLevel.default('INFO') }), ({ LOG_LEVEL }) =>
  powertoolsLog({ service: 'surveyor', level: LOG_LEVEL }),
);
