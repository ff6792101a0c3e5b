import type { Run } from '../contracts/run.ts';
import type { RunConsole } from '../contracts/run-console.ts';

/** Where people look at a run in the console of the cloud that it runs in; undefined where there is none. */
export type ConsoleAddresses = {
  of(run: Pick<Run, 'run_id' | 'attempt' | 'trigger' | 'execution_id' | 'created_at'>): RunConsole | undefined;
};
