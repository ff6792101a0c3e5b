import type { Evidence } from '../../src/contracts/evidence.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { SandboxOutput } from '../../src/contracts/sandbox.ts';
import { canonicalJson, sha256 } from './fingerprint.ts';

const pageLength = 200;
const maxPageBytes = 4 * 1024 * 1024;
const maxTextLength = 200_000;
const maxPreviewLength = 2_000;
/** What may wait for being fetched. Beyond it nothing more is run, because evidence is never dropped. */
const maxWaitingBytes = 64 * 1024 * 1024;
/** A thousand rows of ten short columns: what a figure is read from, not what a table is copied with. */
const maxResultBytes = 256 * 1024;
/** Results that wait are held beside the evidence; one that finds no room leaves its preview alone. */
const maxWaitingResultBytes = 16 * 1024 * 1024;
/** All that one sandbox may have kept: code that sends statement after statement fills no object store. */
const maxKeptBytes = 256 * 1024 * 1024;

/** A piece of work as it is recorded. `result` is what its hash is taken of; on a failure, the failure is. */
export type Work = Omit<Evidence, 'evidence_id' | 'result_hash' | 'result_kept' | 'bytes'> & {
  readonly result?: unknown;
};

/** The statements and cells of a sandbox, in order, until they have been fetched. */
export type EvidenceLog = {
  /** Throws SANDBOX_UNAVAILABLE when nothing more can be recorded; called before work begins. */
  makeRoom(): void;
  /** Records a piece of work and answers with its evidence id. */
  record(work: Work): string;
  /** The oldest that come after a number; those up to it are forgotten. */
  readAfter(number: number): SandboxOutput<'evidence'>;
};

type Waiting = {
  readonly number: number;
  readonly evidence: Evidence;
  readonly bytes: number;
  /** Absent where the result is not handed over; `resultBytes` is then 0. */
  readonly result?: string;
  readonly resultBytes: number;
};

/** An empty log, numbered from 1. */
export const createEvidenceLog = (): EvidenceLog => {
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let waitingResultBytes = 0;
  let keptBytes = 0;
  let last = 0;

  const hasRoomFor = (bytes: number): boolean =>
    bytes <= maxResultBytes && waitingResultBytes + bytes <= maxWaitingResultBytes && keptBytes + bytes <= maxKeptBytes;

  const readResult = (result: unknown): Pick<Waiting, 'result' | 'resultBytes'> & Partial<Evidence> => {
    if (result === undefined) return { resultBytes: 0 };
    const text = canonicalJson(result);
    const bytes = Buffer.byteLength(text);
    const described = { result_hash: sha256(text), bytes };
    return hasRoomFor(bytes)
      ? { ...described, result_kept: 'whole', result: text, resultBytes: bytes }
      : { ...described, result_kept: 'preview', resultBytes: 0 };
  };

  return {
    makeRoom() {
      if (waitingBytes < maxWaitingBytes) return;
      throw new Failure(
        'SANDBOX_UNAVAILABLE',
        `The evidence of ${waiting.length} statements and cells waits to be fetched, which is all that can be held. Fetch and acknowledge it, then try again.`,
      );
    },
    record({ result: value, ...work }) {
      const { result, resultBytes, ...described } = readResult(value);
      const hash = sha256(
        canonicalJson([work.kind, work.source ?? null, work.text, described.result_hash ?? work.failure ?? null]),
      );
      const evidence: Evidence = {
        ...work,
        ...described,
        evidence_id: `e${hash.slice(0, 12)}`,
        text: work.text.slice(0, maxTextLength),
        preview: work.preview.slice(0, maxPreviewLength),
      };
      const bytes = JSON.stringify(evidence).length;
      last += 1;
      const entry = { number: last, evidence, bytes, resultBytes, ...(result === undefined ? {} : { result }) };
      waiting.push(entry);
      waitingBytes += bytes;
      waitingResultBytes += resultBytes;
      keptBytes += resultBytes;
      return evidence.evidence_id;
    },
    readAfter(number) {
      waiting = waiting.filter((entry) => entry.number > number);
      waitingBytes = waiting.reduce((sum, { bytes }) => sum + bytes, 0);
      waitingResultBytes = waiting.reduce((sum, { resultBytes }) => sum + resultBytes, 0);
      return { evidence: firstPage(waiting), last };
    },
  };
};

/** The first one whatever its size, and those after it that fit. */
const firstPage = (waiting: readonly Waiting[]): SandboxOutput<'evidence'>['evidence'] => {
  let size = 0;
  const end = waiting.findIndex(({ bytes, resultBytes }, index) => {
    size += bytes + resultBytes;
    return index === pageLength || (index > 0 && size > maxPageBytes);
  });
  return waiting
    .slice(0, end === -1 ? waiting.length : end)
    .map(({ number, evidence, result }) => ({ number, evidence, ...(result === undefined ? {} : { result }) }));
};
