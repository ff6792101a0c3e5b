import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Stores } from '../../../src/ports/stores.ts';
import { dynamoApiKeyStore } from '../../../src/adapters/aws/stores/dynamo-api-key-store.ts';
import { dynamoConnectionStore } from '../../../src/adapters/aws/stores/dynamo-connection-store.ts';
import { dynamoScheduleStore } from '../../../src/adapters/aws/stores/dynamo-schedule-store.ts';
import { dynamoDeliveryStore } from '../../../src/adapters/aws/stores/dynamo-delivery-store.ts';
import { createDocumentTable } from '../../../src/adapters/aws/stores/dynamo-document-table.ts';
import { dynamoEvidenceStore } from '../../../src/adapters/aws/stores/dynamo-evidence-store.ts';
import { dynamoIdempotencyKeyStore } from '../../../src/adapters/aws/stores/dynamo-idempotency-key-store.ts';
import { dynamoItems } from '../../../src/adapters/aws/stores/dynamo-items.ts';
import { dynamoLeaseStore } from '../../../src/adapters/aws/stores/dynamo-lease-store.ts';
import { dynamoNodeResultStore } from '../../../src/adapters/aws/stores/dynamo-node-result-store.ts';
import { dynamoRequestCountStore } from '../../../src/adapters/aws/stores/dynamo-request-count-store.ts';
import { dynamoRunStore } from '../../../src/adapters/aws/stores/dynamo-run-store.ts';
import { dynamoSessionStore } from '../../../src/adapters/aws/stores/dynamo-session-store.ts';
import { dynamoStepStore } from '../../../src/adapters/aws/stores/dynamo-step-store.ts';
import { dynamoWebhookStore } from '../../../src/adapters/aws/stores/dynamo-webhook-store.ts';

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
    schedules: dynamoScheduleStore(table),
    webhooks: dynamoWebhookStore(table),
    deliveries: dynamoDeliveryStore(table),
    idempotencyKeys: dynamoIdempotencyKeyStore(table),
    requestCounts: dynamoRequestCountStore(table),
    apiKeys: dynamoApiKeyStore(table),
  };
};
