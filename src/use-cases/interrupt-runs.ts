import type { Ports } from '../ports/ports.ts';
import { settleRun } from './settle-run.ts';

/**
 * Settles every run that is recorded as running although nothing runs it: what a service does when it starts again after
 * it was killed. Answers with the number of runs.
 */
export const interruptRuns = async (
  ports: Pick<Ports, 'runs' | 'objects' | 'secrets' | 'sandbox' | 'workflow' | 'clock' | 'log'>,
): Promise<number> => {
  const running = await ports.runs.listRunning();
  for (const run of running) {
    await settleRun(ports, {
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: {
        executionArn: run.execution_id ?? run.run_id,
        stateMachineArn: run.chain.name,
        name: run.run_id,
        status: 'ABORTED',
        input: JSON.stringify({ tenant: run.tenant, run_id: run.run_id }),
        error: 'RUN_INTERRUPTED',
        cause: 'The service stopped while this run was under way. Start it again.',
      },
    });
  }
  return running.length;
};
