import { z } from 'zod';
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
