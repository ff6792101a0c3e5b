import * as z from 'zod';
import { Name } from './common.ts';

/** A table of one of the run's sources. */
export const TableRef = z.strictObject({ source: Name, table: z.string() });
export type TableRef = z.infer<typeof TableRef>;

/** Tables of a run that one execution works on, by the name under which they are written. */
export const ChunkId = z.string().regex(/^[a-z0-9-]{1,40}$/);

/** What became of one table: the error that the machine caught, and the beginning of its cause, where it failed. */
export const TableOutcome = z.strictObject({ error: z.string().optional(), cause: z.string().optional() });
export type TableOutcome = z.infer<typeof TableOutcome>;
