import * as z from 'zod';
import { Actor } from './actor.ts';
import { BudgetOverride } from './budget.ts';
import { CatalogRequest, CatalogSource } from './catalog.ts';
import { Name, RunId, Tenant, Timestamp } from './common.ts';
import { Prefix } from './prefix.ts';
import { Unreadable } from './unreadable.ts';

const withoutCredential = {
  db_conn_string: z
    .never({ error: 'a schedule keeps no connection string: make a connection, and name it' })
    .optional(),
};

/** What a schedule surveys each time: the body of `POST /catalog` without a credential, which a schedule does not keep. */
export const ScheduledCatalog = z
  .strictObject({
    connection: CatalogRequest.shape.connection,
    dataset: CatalogRequest.shape.dataset,
    tables: CatalogRequest.shape.tables,
    sources: z
      .array(z.strictObject({ ...CatalogSource.shape, ...withoutCredential }))
      .min(1)
      .max(10)
      .readonly()
      .optional()
      .describe('Several databases, instead of one'),
    s3_prefix: Prefix,
    budget: BudgetOverride.optional(),
    ...withoutCredential,
  })
  .superRefine((request, context) => {
    const catalog = CatalogRequest.safeParse(request);
    for (const { message, path } of catalog.error?.issues ?? []) context.addIssue({ code: 'custom', message, path });
  });
export type ScheduledCatalog = z.infer<typeof ScheduledCatalog>;

/** When it is due, in the words of EventBridge Scheduler. `src/domain/schedule/read-expression.ts` reads it. */
export const ScheduleExpression = z
  .string()
  .max(256)
  .describe('`cron(minutes hours day-of-month month day-of-week year)` or `rate(6 hours)`');
export type ScheduleExpression = z.infer<typeof ScheduleExpression>;

/** What came of the last time that a schedule was due. */
export const LastDue = z.strictObject({
  due_at: Timestamp,
  run_id: RunId.optional().describe('The run that it started, or the one that was under way still'),
  outcome: z.enum(['started', 'under_way', 'failed']).describe('`under_way`: no second run was started beside one'),
  message: z.string().optional().describe('Why no run could be started'),
});
export type LastDue = z.infer<typeof LastDue>;

/** Catalogs that start by themselves. */
export const Schedule = z.strictObject({
  tenant: Tenant,
  name: Name,
  expression: ScheduleExpression,
  time_zone: z.string().max(64).describe('An IANA name, such as Europe/Berlin; of a rate it means nothing'),
  catalog: ScheduledCatalog,
  paused: z.boolean(),
  created_at: Timestamp,
  created_by: Actor,
  changed_at: Timestamp.describe('A rate counts from here; what was due before is not made up for'),
  revision: z.int().positive().describe('One more with every change'),
  last: LastDue.optional(),
});
export type Schedule = z.infer<typeof Schedule>;

/** A schedule as the API shows it. */
export const ScheduleView = z.strictObject({
  ...Schedule.omit({ tenant: true }).shape,
  next_due_at: Timestamp.optional().describe('Absent while it is paused, and where it is never due again'),
  problem: z.string().optional().describe('Why nobody can say when it is due as it is stored; change it'),
});
export type ScheduleView = z.infer<typeof ScheduleView>;

/** One page of schedules, by name. */
export const SchedulePage = z.strictObject({
  schedules: z.array(ScheduleView).readonly(),
  unreadable: Unreadable.describe('Names of those of the page that are stored and cannot be read'),
  next_cursor: z.string().optional(),
});
export type SchedulePage = z.infer<typeof SchedulePage>;

/** The body of `POST /schedules`. */
export const ScheduleRequest = z.strictObject({
  name: Name,
  expression: ScheduleExpression,
  time_zone: Schedule.shape.time_zone.default('UTC'),
  catalog: ScheduledCatalog,
  paused: z.boolean().default(false),
});
export type ScheduleRequest = z.infer<typeof ScheduleRequest>;

/** The body of `PATCH /schedules/{name}`: what it names is replaced. */
export const ScheduleChange = z
  .strictObject({
    expression: ScheduleExpression.optional(),
    time_zone: Schedule.shape.time_zone.optional(),
    catalog: ScheduledCatalog.optional(),
    paused: z.boolean().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, { error: 'name something to change' });
export type ScheduleChange = z.infer<typeof ScheduleChange>;
