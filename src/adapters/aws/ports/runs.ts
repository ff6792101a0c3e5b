import { dynamoRunStore } from '../stores/dynamo-run-store.ts';
import { stored } from './stored.ts';

/** The runs. */
export const runs = stored(dynamoRunStore);
