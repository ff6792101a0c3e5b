import * as z from 'zod';
import { tableStream } from '../table-stream.ts';
import { awsPort, text } from './aws-port.ts';

/** The stream of the deployment’s table. */
export const runChanges = awsPort(z.object({ TABLE_NAME: text }), ({ TABLE_NAME }) =>
  tableStream(`the table ${TABLE_NAME}`),
);
