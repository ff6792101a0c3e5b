import type { Run } from '../contracts/run.ts';

/** A stored change of a run, as a stream tells of it. */
export type RunChange = {
  /** By which the stream is told that it could not be handled. */
  readonly id: string;
  /** Undefined where a run was removed. Fails with STORAGE_FAILED on what is no run. */
  read(): { readonly before: Run | undefined; readonly after: Run } | undefined;
};

/** Stored changes of runs as they come in, in the order in which they were made, at least once each. */
export type RunChanges = {
  /** Those of an event of the store’s stream. */
  of(event: unknown): readonly RunChange[];
};
