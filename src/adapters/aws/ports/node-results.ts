import { dynamoNodeResultStore } from '../stores/dynamo-node-result-store.ts';
import { stored } from './stored.ts';

/** Recorded results of nodes. */
export const nodeResults = stored(dynamoNodeResultStore);
