import type { Run, RunAct } from '../contracts/run.ts';
import type { Page, PageRequest } from './page.ts';

/** How an attempt of a run is settled: its last status and all that becomes known with it. */
export type Settlement = Required<Pick<Run, 'attempt' | 'status' | 'ended_at'>> & Pick<Run, 'failure'>;

/**
 * Runs themselves. What belongs to one is kept by the stores beside this one. Who writes for an attempt names it: what
 * comes after the attempt is refused, with false.
 */
export type RunStore = {
  /** Fails with CONFLICT where the run exists. */
  create(run: Run): Promise<void>;
  get(tenant: string, runId: string): Promise<Run | undefined>;
  /**
   * Newest first; with prefixes, those that publish under one of them alone. Fails with INVALID_REQUEST on a cursor it did
   * not give.
   */
  list(tenant: string, page: PageRequest, prefixes?: readonly string[]): Promise<Page<Run>>;
  /** The newest succeeded run under a prefix that is older than the given run. */
  findPrevious(tenant: string, prefix: string, beforeRunId: string): Promise<Run | undefined>;
  /** Every running run, of all tenants: what a service that starts again must settle. */
  listRunning(): Promise<readonly Run[]>;
  /** Records the execution of an attempt, which may have ended meanwhile. */
  setExecution(tenant: string, runId: string, attempt: number, executionId: string): Promise<boolean>;
  /** Replaces what is told of the sources of a run that is running in the attempt. */
  setSources(tenant: string, runId: string, attempt: number, sources: Run['sources']): Promise<boolean>;
  /**
   * Sets a run that has ended without success running again, with its attempt counted up; says whether it did: of several
   * who ask at once, one does.
   */
  reopen(
    tenant: string,
    runId: string,
    change: { readonly attempt: number; readonly act: RunAct } & Pick<Run, 'budget'>,
  ): Promise<boolean>;
  /** Notes what somebody does with a run. Fails with NOT_FOUND. */
  addAct(tenant: string, runId: string, act: RunAct): Promise<void>;
  /** Adds a report to a run that is running in the attempt; one for the same agent is replaced. */
  addReport(tenant: string, runId: string, attempt: number, report: Run['reports'][number]): Promise<boolean>;
  /** Ends the run if it is running in the attempt, else changes nothing; says whether it did. */
  settle(tenant: string, runId: string, settlement: Settlement): Promise<boolean>;
};
