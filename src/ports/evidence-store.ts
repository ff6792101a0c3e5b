import type { Evidence } from '../contracts/evidence.ts';

/** A piece of evidence under the number that its sandbox gave it. */
export type NumberedEvidence = { readonly number: number; readonly evidence: Evidence };

/** The evidence of runs. */
export type EvidenceStore = {
  /** One with a known number is the same one sent again, and the first one stays. */
  add(tenant: string, runId: string, evidence: readonly NumberedEvidence[]): Promise<void>;
  /** In the order of their numbers. */
  list(tenant: string, runId: string): Promise<readonly NumberedEvidence[]>;
};
