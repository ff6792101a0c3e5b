import { Lease } from '../../../contracts/sandbox.ts';
import type { LeaseStore } from '../../../ports/lease-store.ts';
import { documentAttributes } from './dynamo-document.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import type { ItemCondition } from './dynamo-items.ts';
import { leaseKey } from './dynamo-table.ts';

/** Leases in a DynamoDB table. */
export const dynamoLeaseStore = (table: DocumentTable): LeaseStore => ({
  async put(lease) {
    const key = leaseKey(lease.tenant, lease.holder);
    return table.items.putNew({ ...key, ...documentAttributes(key.sk, Lease, lease) }, notAfter(lease.attempt));
  },
  get: async (tenant, holder) => table.get(Lease, leaseKey(tenant, holder)),
  async delete(tenant, holder, attempt) {
    await table.items.remove(leaseKey(tenant, holder), notAfter(attempt));
  },
});

/** Leases from before carry no attempt: they are of the first. */
const notAfter = (attempt: number): ItemCondition => ({
  condition: 'attribute_not_exists(#document.attempt) or #document.attempt <= :attempt',
  names: { '#document': 'document' },
  values: { ':attempt': attempt },
});
