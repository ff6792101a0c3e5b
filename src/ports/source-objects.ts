import type { ObjectsTarget } from '../contracts/sandbox.ts';

/** What lies beneath a prefix: data files with their links, and what is none. */
export type ListedObjects = Required<Pick<ObjectsTarget, 'objects' | 'left_out'>>;

/** Data files in buckets, to be surveyed: where they are listed and read is all that has a credential for it. */
export type SourceObjects = {
  /**
   * The data files beneath a prefix, each with a link that reads it for some minutes. Fails with DATABASE_UNREACHABLE,
   * DATABASE_REFUSED, DATABASE_EMPTY.
   */
  list(bucket: string, prefix: string): Promise<ListedObjects>;
};
