import { ApiKey } from '../../../contracts/api-key.ts';
import type { ApiKeyStore } from '../../../ports/api-key-store.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { apiKeyKey } from './dynamo-table.ts';

/** API keys in a DynamoDB table. */
export const dynamoApiKeyStore = (table: DocumentTable): ApiKeyStore => ({
  put: async (key) => table.put(apiKeyKey(key.hash), key),
  find: async (hash) => table.get(ApiKey, apiKeyKey(hash)),
});
