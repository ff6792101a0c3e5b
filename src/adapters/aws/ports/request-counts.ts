import { dynamoRequestCountStore } from '../stores/dynamo-request-count-store.ts';
import { stored } from './stored.ts';

/** Counted requests of API keys. */
export const requestCounts = stored(dynamoRequestCountStore);
