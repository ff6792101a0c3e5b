import type { Step } from '../contracts/step.ts';

/** The steps of runs that are settled. */
export type StepStore = {
  /** Replaces the run's steps. */
  replace(tenant: string, runId: string, steps: readonly Step[]): Promise<void>;
  /** In the order of their start; empty until the run is settled. */
  list(tenant: string, runId: string): Promise<readonly Step[]>;
};
