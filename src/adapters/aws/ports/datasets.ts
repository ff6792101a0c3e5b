import * as z from 'zod';
import { noDatasets } from '../absent-ports.ts';
import { awsPort } from './aws-port.ts';

/** The sample datasets, of which none is deployed yet. */
export const datasets = awsPort(z.object({}), () => noDatasets);
