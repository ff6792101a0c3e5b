import { dynamoConnectionStore } from '../stores/dynamo-connection-store.ts';
import { stored } from './stored.ts';

/** Connections. */
export const connections = stored(dynamoConnectionStore);
