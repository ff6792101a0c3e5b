import * as z from 'zod';
import { AgentStatus } from './agent.ts';
import { Name, RunId, Tenant, Timestamp } from './common.ts';
import { DeliveryRef } from './delivery.ts';
import { ExecutionStatusChange } from './execution.ts';
import { LastDue } from './schedule.ts';

/**
 * What the states of a machine and its functions say to each other: ids and small verdicts, never data. A payload is
 * capped at 256 KiB by Step Functions; these stay far below.
 */

/**
 * The most tool calls of one turn that are run; the model is told of the others that they were not. 150 turns of 16 calls
 * are about 20,000 history events, below the 25,000 at which Step Functions ends an execution.
 */
export const maxCallsPerTurn = 16;

const run = {
  tenant: Tenant,
  run_id: RunId,
  attempt: z.int().positive().optional().describe('Of the run; absent in executions of older machines'),
};
const agent = { ...run, node: Name, agent: Name };

/** A table of one of the run's sources. */
export const TableRef = z.strictObject({ source: Name, table: z.string() });
export type TableRef = z.infer<typeof TableRef>;

/** Tables of a run that one execution works on, by the name under which they are written. */
export const ChunkId = z.string().regex(/^[a-z0-9-]{1,40}$/);

/** What became of one table: the error that the machine caught, and the beginning of its cause, where it failed. */
export const TableOutcome = z.strictObject({ error: z.string().optional(), cause: z.string().optional() });
export type TableOutcome = z.infer<typeof TableOutcome>;

/** One call of a tool, as a verdict names it. The call's input is in the conversation. */
export const ToolCallRef = z.strictObject({
  id: z.string(),
  name: z.string(),
  summary: z.string().max(160).describe('The beginning of the statement or code, for people who watch'),
});
export type ToolCallRef = z.infer<typeof ToolCallRef>;

/** The functions that states call: input and output of each, by the function's name. */
export const tasks = {
  /** Makes the run of an execution that was started with a catalog request. */
  'adopt-execution': {
    input: z.strictObject({
      request: z.unknown().describe('The input of the execution'),
      name: z.string().describe('Of the execution'),
      execution_id: z.string(),
      started_at: z.iso.datetime().describe('When the execution began'),
    }),
    output: z.strictObject({ tenant: Tenant, run_id: RunId }),
  },
  /** Takes the run's sandbox, or says how far it is with that: the machine waits, and asks again. */
  'take-sandbox': {
    input: z.strictObject({ ...run, since: z.string().describe('When the waiting began, as an ISO time') }),
    output: z.strictObject({
      state: z.enum(['queued', 'starting', 'ready']),
      wait_seconds: z.int().nonnegative(),
      waited_seconds: z.int().nonnegative(),
    }),
  },
  /** Opens the run's databases in its sandbox, and writes the list of the tables, in chunks. */
  'open-sources': {
    input: z.strictObject(run),
    output: z.strictObject({ tables: z.int().nonnegative(), chunks: z.array(ChunkId).readonly() }),
  },
  'list-tables': {
    input: z.strictObject({ ...run, chunk: ChunkId }),
    output: z.strictObject({ tables: z.array(TableRef).readonly() }),
  },
  'keep-outcomes': {
    input: z.strictObject({
      ...run,
      chunk: ChunkId,
      outcomes: z.array(TableOutcome).readonly().describe('In the order of the chunk’s tables'),
    }),
    output: z.strictObject({ tables: z.int().nonnegative(), failed: z.int().nonnegative() }),
  },
  'profile-table': {
    input: z.strictObject({ ...run, node: Name, ...TableRef.shape }),
    output: z.strictObject({ ...TableRef.shape, rows: z.number().nonnegative() }),
  },
  'collect-profile': {
    input: z.strictObject({ ...run, node: Name, chunks: z.array(ChunkId).readonly() }),
    output: z.strictObject({
      profiled: z.int().nonnegative(),
      failed: z.int().nonnegative(),
      chunks: z.array(ChunkId).readonly().describe('Of the tables that were measured, for the rules to look at'),
    }),
  },
  /** Asks of one measured table what the rules want to know, and keeps what they find. */
  'check-table': {
    input: z.strictObject({ ...run, node: Name, ...TableRef.shape }),
    output: z.strictObject({
      ...TableRef.shape,
      findings: z.int().nonnegative(),
      not_looked_at: z.int().nonnegative(),
    }),
  },
  'collect-findings': {
    input: z.strictObject({ ...run, node: Name, chunks: z.array(ChunkId).readonly() }),
    output: z.strictObject({ findings: z.int().nonnegative(), not_looked_at: z.int().nonnegative() }),
  },
  'start-agent': { input: z.strictObject(agent), output: z.strictObject({ model: z.string() }) },
  'call-model': {
    input: z.strictObject({ ...agent, turn: z.int().positive() }),
    output: z.strictObject({
      next: z.enum(['run_tools', 'take_turn', 'finish']),
      calls: z.array(ToolCallRef).max(maxCallsPerTurn).readonly(),
      tokens: z.int().nonnegative(),
      dollars: z.number().nonnegative(),
    }),
  },
  'run-tool': {
    input: z.strictObject({ ...agent, turn: z.int().positive(), call: ToolCallRef }),
    output: z.strictObject({ id: z.string(), ok: z.boolean() }),
  },
  /** Puts the tool results of a turn, or a reminder, into the conversation, and says whether another turn may follow. */
  'close-turn': {
    input: z.strictObject({ ...agent, turn: z.int().positive() }),
    output: z.strictObject({ next: z.enum(['call_model', 'finish']) }),
  },
  /** Also the end of an agent whose state failed: `error` is then the name of the failure, empty otherwise. */
  'finish-agent': {
    input: z.strictObject({ ...agent, error: z.string().default(''), cause: z.string().default('') }),
    output: z.strictObject({
      status: AgentStatus,
      error: z.string().optional(),
      cause: z.string().optional(),
      tokens: z.int().nonnegative(),
      dollars: z.number().nonnegative(),
    }),
  },
  /** Called by settle-run, which does not reach the sandbox. */
  'collect-last-evidence': { input: z.strictObject(run), output: z.strictObject({ collected: z.boolean() }) },
  'settle-run': { input: ExecutionStatusChange, output: z.strictObject({ settled: z.boolean() }) },
  /** Called every few minutes, with whatever the clock says. */
  'reconcile-runs': {
    input: z.looseObject({}),
    output: z.strictObject({
      settled: z.int().nonnegative(),
      secrets: z.int().nonnegative(),
      sandboxes: z.int().nonnegative(),
    }),
  },
  /** Called with what was just published, and every minute, by whatever the clock says, for all that is due. */
  'deliver-messages': {
    input: z.looseObject({ deliveries: z.array(DeliveryRef).readonly().optional() }),
    output: z.strictObject({
      delivered: z.int().nonnegative(),
      failed: z.int().nonnegative().describe('Given up'),
      again: z.int().nonnegative().describe('To be tried once more'),
    }),
  },
  /** Called by the scheduler when a schedule is due. */
  'start-scheduled': {
    input: z.strictObject({
      tenant: Tenant,
      schedule: Name,
      changed_at: Timestamp.describe('Of the schedule as the scheduler knows it'),
      due_at: z.iso.datetime().describe('The same in every call for one time'),
      execution_id: z.string().describe('Of this call; EventBridge Scheduler gives each attempt another'),
    }),
    output: z.strictObject({
      outcome: z.enum([...LastDue.shape.outcome.options, 'nothing']).describe('`nothing`: it is not due, or no longer'),
      run_id: RunId.optional(),
    }),
  },
  /** Called by the scheduler a few minutes after a change was announced. */
  'align-schedule': {
    input: z.strictObject({ tenant: Tenant, schedule: Name }),
    output: z.strictObject({ stored: z.boolean() }),
  },
} as const;
/** The name of a function that states or events call: its row in the table, its folder below functions/. */
export type TaskName = keyof typeof tasks;
/** All names of the table, in its order. */
export const taskNames = Object.keys(tasks) as readonly TaskName[];
/** Whether a function's name is a row of the table. */
export const isTaskName = (name: string): name is TaskName => Object.hasOwn(tasks, name);
export type TaskInput<T extends TaskName> = z.infer<(typeof tasks)[T]['input']>;
export type TaskOutput<T extends TaskName> = z.infer<(typeof tasks)[T]['output']>;
