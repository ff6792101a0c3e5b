import type { Caller } from '../contracts/caller.ts';
import type { Chain } from '../contracts/chain.ts';
import { failures, toFailure } from '../contracts/failure.ts';
import type { LastDue, Schedule } from '../contracts/schedule.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { isDue } from '../domain/schedule/is-due.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { claimRunId } from './claim-run-id.ts';
import { startCatalog } from './start-catalog.ts';

type Started = TaskOutput<'start-scheduled'>;
type StartPorts = PortsOf<'start-scheduled', 'clock' | 'log' | 'platform'>;

/** So often one time is begun anew, whose runs could not be given an execution. The schedulers try no more than thrice. */
const maxStarts = 10;

/**
 * Starts the catalog of a schedule that is due, once for each time however often it is called for: the run's id is claimed
 * under schedule and time, since EventBridge Scheduler gives each attempt another execution id. Where a run of the schedule is under
 * way still, it starts none. What came of it is noted in the schedule; a failure that may pass is thrown besides, to be
 * called again.
 */
export const startScheduled = async (
  ports: StartPorts,
  chain: Chain,
  call: TaskInput<'start-scheduled'>,
): Promise<Started> => {
  const { tenant, schedule: name } = call;
  const schedule = await ports.schedules.get(tenant, name);
  if (schedule === undefined || !isDue(schedule, call)) {
    ports.log.info('schedule not due', { schedule: name, due_at: call.due_at, execution_id: call.execution_id });
    return { outcome: 'nothing' };
  }
  const due_at = new Date(call.due_at).toISOString();
  const { last } = schedule;
  if (last?.due_at === due_at && last.outcome !== 'failed') return told(last);

  const came = await attempt(ports, chain, schedule, due_at);
  await ports.schedules.noteDue(tenant, name, came.last);
  ports.log.info('schedule was due', { schedule: name, execution_id: call.execution_id, ...came.last });
  if (came.thrown !== undefined) throw came.thrown;
  return told(came.last);
};

const told = ({ outcome, run_id }: LastDue): Started => ({ outcome, ...(run_id === undefined ? {} : { run_id }) });

/** What came of a try to start, and the failure that another try may mend. */
const attempt = async (
  ports: StartPorts,
  chain: Chain,
  schedule: Schedule,
  due_at: string,
): Promise<{ readonly last: LastDue; readonly thrown?: unknown }> => {
  try {
    const run_id = await claim(ports, schedule, due_at);
    const running = await findRunning(ports, schedule, run_id);
    if (running !== undefined) return { last: { due_at, run_id: running, outcome: 'under_way' } };
    await startCatalog(ports, callerOf(schedule), {
      chain,
      request: schedule.catalog,
      trigger: { kind: 'schedule', id: schedule.name },
      owner: schedule.created_by,
      claim: async () => run_id,
    });
    return { last: { due_at, run_id, outcome: 'started' } };
  } catch (thrown) {
    const { kind, message } = toFailure(thrown);
    const last: LastDue = { due_at, outcome: 'failed', message };
    return failures[kind].retryable ? { last, thrown } : { last };
  }
};

/** The schedule does it; it is limited to nothing, since who made it was held to their prefixes then. */
const callerOf = ({ tenant, name }: Schedule): Caller => ({
  tenant,
  actor: { kind: 'schedule', id: name },
  rights: [],
});

/** The id of the run of this time. One that has ended without an execution never began, and stands for no other try. */
const claim = async (ports: StartPorts, { tenant, name }: Schedule, due_at: string): Promise<string> => {
  const key = `schedule:${name}:${due_at}`;
  for (let start = 1; ; start += 1) {
    const run_id = await claimRunId(ports, tenant, { name, due_at }, start === 1 ? key : `${key}:${start}`);
    const run = await ports.runs.get(tenant, run_id);
    const began = run === undefined || run.status === 'running' || run.execution_id !== undefined;
    if (began || start === maxStarts) return run_id;
  }
};

/** A run of the schedule that is under way, beside this time's own. */
const findRunning = async (
  ports: StartPorts,
  { tenant, name, last }: Schedule,
  own: string,
): Promise<string | undefined> => {
  const noted = last?.run_id === undefined ? undefined : await ports.runs.get(tenant, last.run_id);
  // Read besides: the index of running runs may lag, and a crash may have kept a run from being noted.
  const running = [...(noted === undefined ? [] : [noted]), ...(await ports.runs.listRunning())];
  return running.find(
    ({ run_id, status, trigger, ...run }) =>
      run_id !== own &&
      status === 'running' &&
      run.tenant === tenant &&
      trigger?.kind === 'schedule' &&
      trigger.id === name,
  )?.run_id;
};
