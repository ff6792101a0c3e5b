import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Stores } from '../../../ports/stores.ts';
import { dynamoApiKeyStore } from './dynamo-api-key-store.ts';
import { dynamoConnectionStore } from './dynamo-connection-store.ts';
import { createDocumentTable } from './dynamo-document-table.ts';
import { dynamoEvidenceStore } from './dynamo-evidence-store.ts';
import { dynamoIdempotencyKeyStore } from './dynamo-idempotency-key-store.ts';
import { dynamoItems } from './dynamo-items.ts';
import { dynamoLeaseStore } from './dynamo-lease-store.ts';
import { dynamoNodeResultStore } from './dynamo-node-result-store.ts';
import { dynamoRequestCountStore } from './dynamo-request-count-store.ts';
import { dynamoRunStore } from './dynamo-run-store.ts';
import { dynamoSessionStore } from './dynamo-session-store.ts';
import { dynamoStepStore } from './dynamo-step-store.ts';

/** The stores in one DynamoDB table. The keys and conditions of each method stand in docs/access-patterns.md. */
export const dynamoStores = (place: { readonly client: DynamoDBDocumentClient; readonly table: string }): Stores => {
  const table = createDocumentTable(dynamoItems(place.client, place.table), `the table ${place.table}`);
  return {
    runs: dynamoRunStore(table),
    sessions: dynamoSessionStore(table),
    nodeResults: dynamoNodeResultStore(table),
    evidence: dynamoEvidenceStore(table),
    steps: dynamoStepStore(table),
    leases: dynamoLeaseStore(table),
    connections: dynamoConnectionStore(table),
    idempotencyKeys: dynamoIdempotencyKeyStore(table),
    requestCounts: dynamoRequestCountStore(table),
    apiKeys: dynamoApiKeyStore(table),
  };
};
