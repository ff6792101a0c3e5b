import { Lease } from '../../../contracts/sandbox.ts';
import type { LeaseStore } from '../../../ports/lease-store.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { leaseKey } from './dynamo-table.ts';

/** Leases in a DynamoDB table. */
export const dynamoLeaseStore = (table: DocumentTable): LeaseStore => ({
  put: async (lease) => table.put(leaseKey(lease.tenant, lease.holder), lease),
  get: async (tenant, holder) => table.get(Lease, leaseKey(tenant, holder)),
  async delete(tenant, holder) {
    await table.items.remove(leaseKey(tenant, holder));
  },
});
