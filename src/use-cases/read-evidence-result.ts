import { createHash } from 'node:crypto';
import type { Evidence } from '../contracts/evidence.ts';
import { Failure } from '../contracts/failure.ts';
import { CellWork, ResultTable } from '../contracts/sandbox.ts';
import { evidenceResultKey } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';

/** The whole result of a statement or of a code cell. */
export type EvidenceResult =
  | { readonly kind: 'sql'; readonly table: ResultTable }
  | { readonly kind: 'python'; readonly cell: CellWork };

/**
 * The whole result behind a piece of evidence, undefined where only its preview is kept. It is held against the hash, so
 * what comes back is what was recorded. Fails with STORAGE_FAILED where it is not, or is gone.
 *
 * @example
 * const result = await readEvidenceResult(ports, run.tenant, evidence);
 * if (result?.kind === 'sql') result.table.values[0]?.[0]; // the first cell of the first column
 */
export const readEvidenceResult = async (
  ports: Using<{ evidenceObjects: 'read' }>,
  tenant: string,
  evidence: Pick<Evidence, 'evidence_id' | 'kind' | 'result_hash' | 'result_kept'>,
): Promise<EvidenceResult | undefined> => {
  const { evidence_id, kind, result_hash, result_kept } = evidence;
  if (result_hash === undefined || result_kept !== 'whole') return undefined;
  const key = evidenceResultKey(result_hash);
  const bytes = await ports.evidenceObjects.get(tenant, key);
  if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== result_hash)
    throw new Failure(
      'STORAGE_FAILED',
      `The object ${key}, the result of evidence ${evidence_id}, is ${bytes === undefined ? 'gone' : 'not what was recorded'}. Restore it from a backup, or run the survey again.`,
      { where: key },
    );
  const result: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return kind === 'sql' ? { kind, table: ResultTable.parse(result) } : { kind, cell: CellWork.parse(result) };
};
