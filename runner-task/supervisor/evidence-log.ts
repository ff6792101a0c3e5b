import type { Evidence } from '../../src/contracts/evidence.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { SandboxOutput } from '../../src/contracts/sandbox.ts';
import { canonicalJson, sha256 } from './fingerprint.ts';

const pageLength = 200;
const longestText = 200_000;
const longestPreview = 2_000;
/** What may wait for being fetched. Beyond it nothing more is run, because evidence is never dropped. */
const mostWaitingBytes = 64 * 1024 * 1024;

/** A piece of work as it is recorded. `result` is what its hash is taken of; on a failure, the failure is. */
export type Work = Omit<Evidence, 'evidence_id' | 'result_hash' | 'bytes'> & { readonly result?: unknown };

/** The statements and cells of a sandbox, in order, until they have been fetched. */
export type EvidenceLog = {
  /** Throws SANDBOX_UNAVAILABLE when nothing more can be recorded; called before work begins. */
  makeRoom(): void;
  /** Records a piece of work and answers with its evidence id. */
  record(work: Work): string;
  /** The oldest that come after a number; those up to it are forgotten. */
  readAfter(number: number): SandboxOutput<'evidence'>;
};

/** An empty log, numbered from 1. */
export const createEvidenceLog = (): EvidenceLog => {
  let waiting: { readonly number: number; readonly evidence: Evidence; readonly size: number }[] = [];
  let waitingBytes = 0;
  let last = 0;
  return {
    makeRoom() {
      if (waitingBytes < mostWaitingBytes) return;
      throw new Failure(
        'SANDBOX_UNAVAILABLE',
        `The evidence of ${waiting.length} statements and cells waits to be fetched, which is all that can be held. Fetch and acknowledge it, then try again.`,
      );
    },
    record({ result, ...work }) {
      const resultText = result === undefined ? undefined : canonicalJson(result);
      const result_hash = resultText === undefined ? undefined : sha256(resultText);
      const hash = sha256(
        canonicalJson([work.kind, work.source ?? null, work.text, result_hash ?? work.failure ?? null]),
      );
      const evidence: Evidence = {
        ...work,
        evidence_id: `e${hash.slice(0, 12)}`,
        text: work.text.slice(0, longestText),
        preview: work.preview.slice(0, longestPreview),
        ...(result_hash === undefined ? {} : { result_hash }),
        ...(resultText === undefined ? {} : { bytes: Buffer.byteLength(resultText) }),
      };
      const size = JSON.stringify(evidence).length;
      last += 1;
      waiting.push({ number: last, evidence, size });
      waitingBytes += size;
      return evidence.evidence_id;
    },
    readAfter(number) {
      waiting = waiting.filter((entry) => entry.number > number);
      waitingBytes = waiting.reduce((sum, { size }) => sum + size, 0);
      const page = waiting.slice(0, pageLength).map((entry) => ({ number: entry.number, evidence: entry.evidence }));
      return { evidence: page, last };
    },
  };
};
