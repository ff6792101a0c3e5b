import { Lease } from '../../../contracts/sandbox.ts';
import type { LeaseStore } from '../../../ports/lease-store.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** Leases in a SQLite file. */
export const sqliteLeaseStore = ({ file, get, text }: SqliteDocuments): LeaseStore => ({
  async put(lease) {
    const put = file.run(
      `insert into leases (tenant, holder_kind, holder_id, document) values (?, ?, ?, ?)
       on conflict do update set document = excluded.document
       where coalesce(leases.document ->> 'attempt', 1) <= excluded.document ->> 'attempt'`,
      lease.tenant,
      lease.holder.kind,
      lease.holder.id,
      text(Lease, lease),
    );
    return put === 1;
  },

  async get(tenant, { kind, id }) {
    const sql = 'select document from leases where tenant = ? and holder_kind = ? and holder_id = ?';
    return get(Lease, sql, tenant, kind, id);
  },

  async delete(tenant, { kind, id }, attempt) {
    file.run(
      `delete from leases where tenant = ? and holder_kind = ? and holder_id = ?
       and coalesce(document ->> 'attempt', 1) <= ?`,
      tenant,
      kind,
      id,
      attempt,
    );
  },
});
