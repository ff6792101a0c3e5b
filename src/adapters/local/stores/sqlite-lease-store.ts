import { Lease } from '../../../contracts/sandbox.ts';
import type { LeaseStore } from '../../../ports/lease-store.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** Leases in a SQLite file. */
export const sqliteLeaseStore = ({ file, get }: SqliteDocuments): LeaseStore => ({
  async put(lease) {
    file.run(
      `insert into leases (tenant, holder_kind, holder_id, document) values (?, ?, ?, ?)
       on conflict do update set document = excluded.document`,
      lease.tenant,
      lease.holder.kind,
      lease.holder.id,
      JSON.stringify(lease),
    );
  },

  async get(tenant, { kind, id }) {
    const sql = 'select document from leases where tenant = ? and holder_kind = ? and holder_id = ?';
    return get(Lease, sql, tenant, kind, id);
  },

  async delete(tenant, { kind, id }) {
    file.run('delete from leases where tenant = ? and holder_kind = ? and holder_id = ?', tenant, kind, id);
  },
});
