import { dynamoApiKeyStore } from '../stores/dynamo-api-key-store.ts';
import { stored } from './stored.ts';

/** API keys. */
export const apiKeys = stored(dynamoApiKeyStore);
