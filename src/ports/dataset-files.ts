import type { DatabaseTarget } from '../contracts/sandbox.ts';

/** Finds the files of a sample dataset for the sandbox of this platform. */
export type DatasetFiles = {
  /** Fails with DATASET_NOT_FOUND. Makes the files where they are missing. */
  target(dataset: string): Promise<DatabaseTarget>;
};
