import type * as z from 'zod';
import type { Task } from './task.ts';
import { adoptExecution } from './tasks/adopt-execution.ts';
import { alignSchedule } from './tasks/align-schedule.ts';
import { callModel } from './tasks/call-model.ts';
import { checkTable } from './tasks/check-table.ts';
import { closeTurn } from './tasks/close-turn.ts';
import { collectFindings } from './tasks/collect-findings.ts';
import { collectLastEvidence } from './tasks/collect-last-evidence.ts';
import { collectProfile } from './tasks/collect-profile.ts';
import { deliverMessages } from './tasks/deliver-messages.ts';
import { finishAgent } from './tasks/finish-agent.ts';
import { keepOutcomes } from './tasks/keep-outcomes.ts';
import { listTables } from './tasks/list-tables.ts';
import { openSources } from './tasks/open-sources.ts';
import { profileTable } from './tasks/profile-table.ts';
import { reconcileRuns } from './tasks/reconcile-runs.ts';
import { runTool } from './tasks/run-tool.ts';
import { settleRun } from './tasks/settle-run.ts';
import { startAgent } from './tasks/start-agent.ts';
import { startScheduled } from './tasks/start-scheduled.ts';
import { takeSandbox } from './tasks/take-sandbox.ts';

/**
 * The functions that states and events call, by the function's name. A function imports its own row instead, or it would load
 * the schemas of all.
 */
export const tasks = {
  'adopt-execution': adoptExecution,
  'take-sandbox': takeSandbox,
  'open-sources': openSources,
  'list-tables': listTables,
  'keep-outcomes': keepOutcomes,
  'profile-table': profileTable,
  'collect-profile': collectProfile,
  'check-table': checkTable,
  'collect-findings': collectFindings,
  'start-agent': startAgent,
  'call-model': callModel,
  'run-tool': runTool,
  'close-turn': closeTurn,
  'finish-agent': finishAgent,
  'collect-last-evidence': collectLastEvidence,
  'settle-run': settleRun,
  'reconcile-runs': reconcileRuns,
  'deliver-messages': deliverMessages,
  'start-scheduled': startScheduled,
  'align-schedule': alignSchedule,
} as const satisfies { readonly [name: string]: Task };

/** The name of a function that states or events call: its row in the table, its folder below functions/. */
export type TaskName = keyof typeof tasks;
/** All names of the table, in its order. */
export const taskNames = Object.keys(tasks) as readonly TaskName[];
/** Whether a function's name is a row of the table. */
export const isTaskName = (name: string): name is TaskName => Object.hasOwn(tasks, name);
export type TaskInput<T extends TaskName> = z.infer<(typeof tasks)[T]['input']>;
export type TaskOutput<T extends TaskName> = z.infer<(typeof tasks)[T]['output']>;
