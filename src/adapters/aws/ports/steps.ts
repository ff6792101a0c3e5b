import { dynamoStepStore } from '../stores/dynamo-step-store.ts';
import { stored } from './stored.ts';

/** Steps of runs that have ended. */
export const steps = stored(dynamoStepStore);
