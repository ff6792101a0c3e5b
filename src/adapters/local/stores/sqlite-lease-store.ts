import { Lease } from '../../../contracts/sandbox.ts';
import type { LeaseStore } from '../../../ports/lease-store.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** Leases in a SQLite file. */
export const sqliteLeaseStore = ({ file, get }: SqliteDocuments): LeaseStore => ({
  async put(lease) {
    file.run(
      `insert into leases (tenant, run_id, document) values (?, ?, ?)
       on conflict do update set document = excluded.document`,
      lease.tenant,
      lease.run_id,
      JSON.stringify(lease),
    );
  },

  async get(tenant, runId) {
    return get(Lease, 'select document from leases where tenant = ? and run_id = ?', tenant, runId);
  },

  async delete(tenant, runId) {
    file.run('delete from leases where tenant = ? and run_id = ?', tenant, runId);
  },
});
