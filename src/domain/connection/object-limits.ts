/** Data files that a source in a bucket may have. */
export const maxObjects = 1_000;

/** Bytes of one of them. */
export const maxObjectBytes = 1024 ** 3;

/** Bytes of all of them: a Fargate task has 20 GB of disk, which also holds the image and what DuckDB spills. */
export const maxObjectsBytes = 4 * 1024 ** 3;
