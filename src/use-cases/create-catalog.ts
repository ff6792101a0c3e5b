import type { CatalogAccepted, CatalogRequest } from '../contracts/catalog.ts';
import type { Chain } from '../contracts/chain.ts';
import { toFailure } from '../contracts/failure.ts';
import type { Run, RunSource } from '../contracts/run.ts';
import { parseConnectionString } from '../domain/connection/parse-connection-string.ts';
import { findDataset } from '../domain/datasets/registry.ts';
import { inlineSecretName, reportTimestamp } from '../domain/run-keys.ts';
import type { Ports } from '../ports/ports.ts';

/** The machine of the flagship chain, as it is deployed. */
const machine = 'catalog';

/**
 * Starts a catalog. What is wrong with the request as it stands fails at once; what only the database can say is the
 * failure of the run's first state, the same on every ground.
 */
export const createCatalog = async (
  ports: Pick<Ports, 'runs' | 'secrets' | 'workflow' | 'prompts' | 'clock' | 'log'>,
  tenant: string,
  chain: Chain,
  request: CatalogRequest,
): Promise<CatalogAccepted> => {
  const source = describeSource(request);
  // A prompt that is wrong would otherwise be found when everything has been measured.
  for (const node of chain.nodes) if (node.type === 'AGENT') await ports.prompts.get(node.agent);
  const now = ports.clock.now();
  const runId = ports.clock.newRunId();
  const run: Run = {
    tenant,
    run_id: runId,
    chain: { name: chain.name, version: chain.version },
    status: 'running',
    source,
    ...(request.tables === undefined ? {} : { tables: request.tables }),
    s3_prefix: request.s3_prefix,
    timestamp: reportTimestamp(now),
    ...(request.budget === undefined ? {} : { budget: request.budget }),
    created_at: now.toISOString(),
    reports: [],
  };

  if (request.db_conn_string !== undefined)
    await ports.secrets.put(tenant, inlineSecretName(runId), request.db_conn_string);
  try {
    await ports.runs.createRun(run);
    const { execution_id } = await ports.workflow.start({ machine, name: runId, input: { tenant, run_id: runId } });
    await ports.runs.setExecution(tenant, runId, execution_id);
  } catch (thrown) {
    // No execution means no status-change event: what settle-run would do has to be done here.
    const failure = toFailure(thrown);
    await ports.secrets.delete(tenant, inlineSecretName(runId));
    await ports.runs.settleRun(tenant, runId, {
      status: 'failed',
      ended_at: ports.clock.now().toISOString(),
      failure: { kind: failure.kind, message: failure.message },
    });
    throw failure;
  }
  ports.log.info('run started', { tenant, run_id: runId, source: source.label, tables: request.tables?.length });
  return { run_id: runId, status_url: `/runs/${runId}` };
};

/** What the run surveys, as it may be shown. Fails with DATASET_NOT_FOUND, UNSUPPORTED_DATABASE, INVALID_REQUEST. */
const describeSource = (request: CatalogRequest): RunSource => {
  if (request.dataset !== undefined)
    return { kind: 'dataset', label: findDataset(request.dataset).schema.name, engine: 'files' };
  const { target, label } = parseConnectionString(request.db_conn_string ?? '');
  return { kind: 'inline', label, engine: target.engine };
};
