import { Evidence } from '../../../contracts/evidence.ts';
import type { EvidenceStore } from '../../../ports/evidence-store.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** Evidence in a SQLite file. */
export const sqliteEvidenceStore = ({ file, read, text }: SqliteDocuments): EvidenceStore => ({
  async add(tenant, runId, evidence) {
    file.transaction(() => {
      for (const { number, evidence: document } of evidence)
        file.run(
          'insert into evidence (tenant, run_id, number, document) values (?, ?, ?, ?) on conflict do nothing',
          tenant,
          runId,
          number,
          text(Evidence, document),
        );
    });
  },

  async list(tenant, runId) {
    return file
      .all('select number, document from evidence where tenant = ? and run_id = ? order by number', tenant, runId)
      .map((row) => ({ number: Number(row['number']), evidence: read(Evidence, row) }));
  },
});
