import type { ApiKeyStore } from './api-key-store.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { DeliveryStore } from './delivery-store.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { IdempotencyKeyStore } from './idempotency-key-store.ts';
import type { LeaseStore } from './lease-store.ts';
import type { NodeResultStore } from './node-result-store.ts';
import type { RequestCountStore } from './request-count-store.ts';
import type { RunStore } from './run-store.ts';
import type { ScheduleStore } from './schedule-store.ts';
import type { SessionStore } from './session-store.ts';
import type { StepStore } from './step-store.ts';
import type { WebhookStore } from './webhook-store.ts';

/**
 * What Surveyor keeps in one table, a store for each concept. The access patterns, with the keys and SQL of each, stand in
 * docs/access-patterns.md; both adapters are built from that table. Every method names the tenant first and sees nothing
 * of another; those of API keys and their requests know none yet.
 */
export type Stores = {
  readonly runs: RunStore;
  readonly sessions: SessionStore;
  readonly nodeResults: NodeResultStore;
  readonly evidence: EvidenceStore;
  readonly steps: StepStore;
  readonly leases: LeaseStore;
  readonly connections: ConnectionStore;
  readonly idempotencyKeys: IdempotencyKeyStore;
  readonly requestCounts: RequestCountStore;
  readonly apiKeys: ApiKeyStore;
  readonly schedules: ScheduleStore;
  readonly webhooks: WebhookStore;
  readonly deliveries: DeliveryStore;
};
