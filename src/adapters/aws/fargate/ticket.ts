import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Tenant, Timestamp } from '../../../contracts/common.ts';
import { LeaseHolder } from '../../../contracts/sandbox.ts';

/** A task that is to be had: of a holder, or started ahead. */
const started = {
  token: z.string().min(32).describe('Of the task’s lease; the task itself knows its SHA-256 alone'),
  starts: z.int().nonnegative().describe('RunTasks that came to nothing before this one'),
  task_arn: z.string().optional().describe('Absent until RunTask has answered'),
};

/** Where a holder stands: it waits, or it has a place and, once started, a task there. */
export const Ticket = z.strictObject({
  tenant: Tenant,
  holder: LeaseHolder,
  attempt: z.int().positive(),
  entered_at: Timestamp,
  asked_at: Timestamp.describe('When its holder last asked; who has not for minutes waits no more'),
  place: z.int().nonnegative().optional().describe('Absent while it waits'),
  placed_at: Timestamp.optional().describe('Since when it has been without a task that runs'),
  retry_at: Timestamp.optional().describe('Not before this is another RunTask tried'),
  started_at: Timestamp.optional(),
  ready_at: Timestamp.optional().describe('When its task was first seen running'),
  ...started,
});
export type Ticket = z.infer<typeof Ticket>;

/** A task that is started before anybody asks. */
export const WarmTask = z.strictObject({
  id: z.string(),
  place: z.int().nonnegative(),
  created_at: Timestamp,
  ...started,
});
export type WarmTask = z.infer<typeof WarmTask>;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a RunTask is known by: `client_token` makes the same one of every repetition, `started_by` is what tasks are found by. */
export type TaskOrigin = { readonly client_token: string; readonly started_by: string; readonly token: string };

/** The origin of a holder's task. The tenant's digest is there because two tenants may give two conversations one id. */
export const ticketOrigin = ({ tenant, holder: { kind, id }, attempt, starts, token }: Ticket): TaskOrigin => ({
  client_token: digest([tenant, kind, id, attempt, starts, token].join('/')),
  started_by: `${kind}-${id}-${attempt}-${digest(tenant).slice(0, 8)}`,
  token,
});

/** The origin of a task that was started ahead. */
export const warmOrigin = ({ id, starts, token }: WarmTask): TaskOrigin => ({
  client_token: digest(['warm', id, starts, token].join('/')),
  started_by: `warm-${id}`,
  token,
});
