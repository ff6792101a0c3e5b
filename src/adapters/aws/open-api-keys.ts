import type { ApiKeyStore } from '../../ports/api-key-store.ts';
import { dynamoClient } from './clients/dynamo-client.ts';
import { createDocumentTable } from './stores/dynamo-document-table.ts';
import { dynamoApiKeyStore } from './stores/dynamo-api-key-store.ts';
import { dynamoItems } from './stores/dynamo-items.ts';

/** The API keys in the table of a deployment, for who administers them from outside. */
export const openApiKeys = (table: string): ApiKeyStore =>
  dynamoApiKeyStore(createDocumentTable(dynamoItems(dynamoClient(), table), `the table ${table}`));
