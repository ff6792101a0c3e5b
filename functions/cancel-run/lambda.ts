import { awsPorts } from '../../src/adapters/aws/aws-ports.ts';
import { handler as make } from './handler.ts';

/** The entry for Lambda. */
export const handler = make(awsPorts());
