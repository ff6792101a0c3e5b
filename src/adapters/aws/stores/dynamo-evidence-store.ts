import { Evidence } from '../../../contracts/evidence.ts';
import type { EvidenceStore } from '../../../ports/evidence-store.ts';
import { documentAttributes } from './dynamo-document.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { runItemKey, sortKeys } from './dynamo-table.ts';

/** Evidence that is written at once; the sandbox hands over at most 200. */
const parallelPuts = 25;
const beginning = 'EVIDENCE#';

/** Evidence in a DynamoDB table. */
export const dynamoEvidenceStore = (table: DocumentTable): EvidenceStore => ({
  async add(tenant, runId, evidence) {
    for (let start = 0; start < evidence.length; start += parallelPuts) {
      const puts = evidence.slice(start, start + parallelPuts).map(({ number, evidence: document }) => {
        const key = runItemKey(tenant, runId, sortKeys.evidence(number));
        return table.items.putNew({ ...key, ...documentAttributes(key.sk, Evidence, document) });
      });
      await Promise.all(puts);
    }
  },

  async list(tenant, runId) {
    const found = await table.listOfRun(tenant, runId, beginning);
    return found.map((item) => ({
      number: Number(String(item['sk']).slice(beginning.length)),
      evidence: table.read(Evidence, item),
    }));
  },
});
