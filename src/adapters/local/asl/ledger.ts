import type { RunningExecution } from './running-execution.ts';

/** What may be remembered of executions that have ended and were told of: 50,000 events are about 50 MB. */
export type LedgerLimits = { readonly executions: number; readonly events: number };

/**
 * The executions that an engine knows: all that run, and the newest of those that ended, each together with the ones it
 * waited for, whose histories are part of its own.
 */
export type Ledger = {
  add(execution: RunningExecution): void;
  find(id: string): RunningExecution | undefined;
  all(): Iterable<RunningExecution>;
  /** Those that nobody started but the outside, and that have not ended. */
  running(): readonly RunningExecution[];
  /** Events of an execution and of those that it started. */
  eventsOf(execution: RunningExecution): number;
  /** Its end was told of, so it may be forgotten; the oldest are, until the rest is within the limits. */
  ended(execution: RunningExecution): void;
};

/** A ledger with nothing in it. */
export const newLedger = (limits: LedgerLimits): Ledger => {
  const executions = new Map<string, RunningExecution>();
  const children = new Map<string, RunningExecution[]>();
  /** Ended ones that may be forgotten, oldest first, with their events. */
  const told = new Map<RunningExecution, number>();
  let toldEvents = 0;

  const eventsOf = (execution: RunningExecution): number =>
    (children.get(execution.id) ?? []).reduce((sum, child) => sum + eventsOf(child), execution.events.length);

  const forget = (execution: RunningExecution): void => {
    executions.delete(execution.id);
    for (const child of children.get(execution.id) ?? []) forget(child);
    children.delete(execution.id);
  };

  return {
    add(execution) {
      executions.set(execution.id, execution);
      const { startedBy } = execution;
      if (startedBy === undefined) return;
      const siblings = children.get(startedBy);
      if (siblings === undefined) children.set(startedBy, [execution]);
      else siblings.push(execution);
    },
    find: (id) => executions.get(id),
    all: () => executions.values(),
    running: () => [...executions.values()].filter((one) => one.startedBy === undefined && one.outcome() === undefined),
    eventsOf,
    ended(execution) {
      if (execution.startedBy !== undefined) return;
      const events = eventsOf(execution);
      told.set(execution, events);
      toldEvents += events;
      for (const [oldest, its] of told) {
        if (told.size <= limits.executions && (toldEvents <= limits.events || told.size === 1)) return;
        told.delete(oldest);
        toldEvents -= its;
        forget(oldest);
      }
    },
  };
};
