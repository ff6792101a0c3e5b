import { createHash } from 'node:crypto';
import { RunId } from '../../contracts/common.ts';
import { type RunIds, runIdsOf } from '../../contracts/execution.ts';

/** An execution as its end, or its engine, tells of it. */
export type KnownExecution = {
  readonly name: string;
  readonly input: unknown;
  /** When it began, in milliseconds. */
  readonly started_at: number;
};

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The id of the run of an execution that somebody started in the console: the execution's name where that is a run id, else
 * a ULID of the time when it began and a hash of the name. So whoever knows the execution knows its run, with nothing to look up.
 */
export const adoptedRunId = ({ name, started_at }: Pick<KnownExecution, 'name' | 'started_at'>): string => {
  if (RunId.safeParse(name).success) return name;
  const time = Array.from({ length: 10 }, (_, index) => alphabet[Math.floor(started_at / 32 ** (9 - index)) % 32]);
  const hash = createHash('sha256').update(name).digest();
  return [...time, ...[...hash.subarray(0, 16)].map((byte) => alphabet[byte % 32])].join('');
};

/**
 * The run of an execution: the one in its input, or where that is a catalog request, the one that was made of it. Undefined
 * where it is a part of a run, or somebody else's.
 */
export const runOfExecution = (execution: KnownExecution): RunIds | undefined => {
  const { input } = execution;
  if (typeof input !== 'object' || input === null || 'node' in input) return undefined;
  const { tenant, run_id } = input as Readonly<Record<string, unknown>>;
  if (run_id !== undefined) return runIdsOf(input);
  return typeof tenant === 'string' ? { tenant, run_id: adoptedRunId(execution) } : undefined;
};
