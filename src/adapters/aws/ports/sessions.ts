import { dynamoSessionStore } from '../stores/dynamo-session-store.ts';
import { stored } from './stored.ts';

/** Sessions of agents. */
export const sessions = stored(dynamoSessionStore);
