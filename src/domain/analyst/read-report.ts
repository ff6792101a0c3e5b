import { z } from 'zod';

/** One row of a report’s table of findings, by the names of its columns in small letters. */
const ListedFinding = z.record(z.string(), z.string());
export type ListedFinding = z.infer<typeof ListedFinding>;

/** What the cell reads from one report. */
export const ReadReport = z.object({
  file: z.string(),
  agent: z.string(),
  created_at: z.string(),
  /** `unknown` says why nothing is known of a database, and is empty where something is. */
  databases: z
    .array(z.object({ source: z.string(), tables: z.number(), rows: z.number(), unknown: z.string() }))
    .readonly(),
  findings: z.array(ListedFinding).readonly(),
});
export type ReadReport = z.infer<typeof ReadReport>;
