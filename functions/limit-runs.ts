import { Failure } from '../src/contracts/failure.ts';
import { isWithin } from '../src/contracts/prefix.ts';
import type { Run } from '../src/contracts/run.ts';
import type { RunStore } from '../src/ports/run-store.ts';

/**
 * The runs as a key sees them that is limited to prefixes: the others are not there. All that belongs to a run is reached
 * through the run, so no use case has to think of it, and none can forget to.
 */
export const limitRuns = (runs: RunStore, prefixes: readonly string[] | undefined): RunStore => {
  if (prefixes === undefined) return runs;
  const isSeen = ({ publish }: Run): boolean => publish !== undefined && isWithin(publish.s3_prefix, prefixes);
  const get: RunStore['get'] = async (tenant, runId) => {
    const run = await runs.get(tenant, runId);
    return run !== undefined && isSeen(run) ? run : undefined;
  };
  const isThere = async (tenant: string, runId: string): Promise<boolean> => (await get(tenant, runId)) !== undefined;
  const requireRun = async (tenant: string, runId: string): Promise<void> => {
    if (!(await isThere(tenant, runId)))
      throw new Failure('NOT_FOUND', `There is no run ${runId}.`, { where: 'run_id' });
  };
  return {
    async create(run) {
      if (!isSeen(run))
        throw new Failure('FORBIDDEN', `The API key may start runs under ${prefixes.join(' or ')} alone.`);
      await runs.create(run);
    },
    get,
    list: async (tenant, page, wanted = prefixes) =>
      runs.list(
        tenant,
        page,
        wanted.filter((prefix) => isWithin(prefix, prefixes)),
      ),
    async findPrevious(tenant, prefix, beforeRunId) {
      return isWithin(prefix, prefixes) ? runs.findPrevious(tenant, prefix, beforeRunId) : undefined;
    },
    listRunning: async () => (await runs.listRunning()).filter(isSeen),
    setExecution: async (tenant, runId, attempt, executionId) =>
      (await isThere(tenant, runId)) && runs.setExecution(tenant, runId, attempt, executionId),
    setSources: async (tenant, runId, attempt, sources) =>
      (await isThere(tenant, runId)) && runs.setSources(tenant, runId, attempt, sources),
    reopen: async (tenant, runId, change) => (await isThere(tenant, runId)) && runs.reopen(tenant, runId, change),
    async addAct(tenant, runId, act) {
      await requireRun(tenant, runId);
      await runs.addAct(tenant, runId, act);
    },
    addReport: async (tenant, runId, attempt, report) =>
      (await isThere(tenant, runId)) && runs.addReport(tenant, runId, attempt, report),
    settle: async (tenant, runId, settlement) =>
      (await isThere(tenant, runId)) && runs.settle(tenant, runId, settlement),
  };
};
