import { Lease } from '../../../contracts/sandbox.ts';
import type { LeaseStore } from '../../../ports/lease-store.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { runItemKey, sortKeys } from './dynamo-table.ts';

/** Leases in a DynamoDB table. */
export const dynamoLeaseStore = (table: DocumentTable): LeaseStore => ({
  put: async (lease) => table.put(runItemKey(lease.tenant, lease.run_id, sortKeys.lease), lease),
  get: async (tenant, runId) => table.get(Lease, runItemKey(tenant, runId, sortKeys.lease)),
  async delete(tenant, runId) {
    await table.items.remove(runItemKey(tenant, runId, sortKeys.lease));
  },
});
