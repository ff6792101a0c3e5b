import type { Stores } from '../../../ports/stores.ts';
import { diskReserve, reserveFile } from '../disk-reserve.ts';
import { openSqliteFile } from '../sqlite-file.ts';
import { sqliteApiKeyStore } from './sqlite-api-key-store.ts';
import { sqliteConnectionStore } from './sqlite-connection-store.ts';
import { createSqliteDocuments } from './sqlite-documents.ts';
import { sqliteDeliveryStore } from './sqlite-delivery-store.ts';
import { sqliteEvidenceStore } from './sqlite-evidence-store.ts';
import { sqliteIdempotencyKeyStore } from './sqlite-idempotency-key-store.ts';
import { sqliteLeaseStore } from './sqlite-lease-store.ts';
import { sqliteNodeResultStore } from './sqlite-node-result-store.ts';
import { type Outbox, sqliteOutbox } from './sqlite-outbox.ts';
import { sqliteRequestCountStore } from './sqlite-request-count-store.ts';
import { sqliteRunStore } from './sqlite-run-store.ts';
import { sqliteScheduleStore } from './sqlite-schedule-store.ts';
import { sqliteSessionStore } from './sqlite-session-store.ts';
import { sqliteStepStore } from './sqlite-step-store.ts';
import { sqliteWebhookStore } from './sqlite-webhook-store.ts';
import { storeMigrations } from './store-migrations.ts';

/** Stores that hold a file open until they are closed. */
export type OpenStores = Stores & {
  readonly schedules: ReturnType<typeof sqliteScheduleStore>;
  /** What is to be published still. */
  readonly outbox: Omit<Outbox, 'add'>;
  close(): void;
};

/**
 * The stores in one SQLite file; several processes may use it at once. The SQL of each method stands in
 * docs/access-patterns.md. Fails with STORAGE_FAILED on a file that is damaged, foreign or newer than this code.
 */
export const openSqliteStores = (path: string): OpenStores => {
  const documents = createSqliteDocuments(openSqliteFile(path, storeMigrations), path);
  const outbox = sqliteOutbox(documents);
  return {
    runs: sqliteRunStore(documents, outbox, diskReserve(reserveFile(path))),
    outbox,
    sessions: sqliteSessionStore(documents),
    nodeResults: sqliteNodeResultStore(documents),
    evidence: sqliteEvidenceStore(documents),
    steps: sqliteStepStore(documents),
    leases: sqliteLeaseStore(documents),
    connections: sqliteConnectionStore(documents),
    idempotencyKeys: sqliteIdempotencyKeyStore(documents),
    requestCounts: sqliteRequestCountStore(documents),
    apiKeys: sqliteApiKeyStore(documents),
    schedules: sqliteScheduleStore(documents),
    webhooks: sqliteWebhookStore(documents),
    deliveries: sqliteDeliveryStore(documents),
    close: () => documents.file.close(),
  };
};
