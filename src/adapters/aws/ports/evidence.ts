import { dynamoEvidenceStore } from '../stores/dynamo-evidence-store.ts';
import { stored } from './stored.ts';

/** Evidence. */
export const evidence = stored(dynamoEvidenceStore);
