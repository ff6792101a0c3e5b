import * as z from 'zod';
import { Actor, Trigger } from './actor.ts';
import { Name, RunId, Tenant, Timestamp } from './common.ts';
import { ReportRef, RunStatus } from './run.ts';

/** What messages tell of. A run that is resumed starts once more. */
export const MessageType = z.enum(['run-started', 'run-settled']);
export type MessageType = z.infer<typeof MessageType>;

/** The longest message: a bus takes 256 KB at once, and a receiver should not have to read much. */
export const maxMessageBytes = 32_768;

/** So many reports are named in a message: the addresses of one are at most 1.3 KB. */
export const maxReportsOfMessage = 16;

/** Who did something, as others may know it: a key's label is free text that was written for colleagues. */
export const MessageActor = z.object(Actor.omit({ label: true }).shape);
export type MessageActor = z.infer<typeof MessageActor>;

/** What a message says of a run: ids, verdicts and addresses, never a value of the database and never a secret. */
export const RunMessageData = z.strictObject({
  run_id: RunId,
  attempt: z.int().positive().describe('1, and one more each time the run is resumed'),
  chain: z.strictObject({ name: Name, version: z.int().positive() }),
  status: RunStatus,
  failure_kind: z
    .string()
    .max(256)
    .optional()
    .describe('A row of the failure table, where the run ended with a failure'),
  created_at: Timestamp,
  ended_at: Timestamp.optional(),
  s3_prefix: z.string().optional().describe('Where the run publishes, if it does'),
  reports: z.array(ReportRef).max(maxReportsOfMessage).readonly().describe('What it has published so far'),
  more_reports: z.int().positive().optional().describe('How many more there are than are named here'),
  trigger: Trigger.optional().describe('What made it begin: of a schedule with its name'),
  actor: MessageActor.optional().describe('Who started it; of an attempt after the first who resumed it'),
});
export type RunMessageData = z.infer<typeof RunMessageData>;

/** What others are told of a stored change: the same change makes the same message, however often it is read. */
export const Message = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,128}$/)
    .describe('By which a receiver knows that it has had it before'),
  type: MessageType,
  version: z.literal(1).describe('Of the shape of `data`'),
  tenant: Tenant,
  subject: z.string().describe('tenants/{tenant}/runs/{run_id}'),
  time: Timestamp.describe('Of the change'),
  data: RunMessageData,
});
export type Message = z.infer<typeof Message>;
