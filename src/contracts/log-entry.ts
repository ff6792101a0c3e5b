import * as z from 'zod';
import { Tenant, Timestamp } from './common.ts';

export const LogLevel = z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']);
export type LogLevel = z.infer<typeof LogLevel>;

/** One line of a log. */
export const LogEntry = z.strictObject({
  tenant: Tenant.optional(),
  run_id: z.string().optional(),
  at: Timestamp,
  level: LogLevel,
  message: z.string(),
  fields: z.record(z.string(), z.unknown()),
});
export type LogEntry = z.infer<typeof LogEntry>;

/** One page of a run's log, oldest first. */
export const LogPage = z.strictObject({
  entries: z.array(LogEntry.omit({ tenant: true, run_id: true })).readonly(),
  next_cursor: z.string().optional(),
});
export type LogPage = z.infer<typeof LogPage>;
