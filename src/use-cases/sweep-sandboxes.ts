import { measuredLines } from '../contracts/measured-lines.ts';
import type { LeaseHolder } from '../contracts/sandbox.ts';
import type { PortsOf } from '../ports/port-access.ts';

type SweepPorts = Pick<PortsOf<'reconcile-runs'>, 'runs' | 'sandbox' | 'log'>;

/**
 * Ends sandboxes of runs that ended before the time, or that are no more, and those of nobody; says how many ran. A run
 * that has just ended is giving its own back.
 */
export const sweepSandboxes = async ({ runs, sandbox, log }: SweepPorts, before: Date): Promise<number> => {
  const lives = async (tenant: string, { kind, id }: LeaseHolder): Promise<boolean> => {
    // A conversation ends by itself: its lease lapses.
    if (kind !== 'run') return true;
    const run = await runs.get(tenant, id);
    if (run === undefined) return false;
    return run.status === 'running' || run.ended_at === undefined || Date.parse(run.ended_at) > before.getTime();
  };
  const { stopped } = await sandbox.sweep(lives);
  for (const one of stopped) log.warn(measuredLines.taskWithoutRun, one);
  return stopped.length;
};
