import * as z from 'zod';
import { CatalogRequest } from '../contracts/catalog.ts';
import type { Chain } from '../contracts/chain.ts';
import { Tenant } from '../contracts/common.ts';
import { Failure, toFailure } from '../contracts/failure.ts';
import type { Run } from '../contracts/run.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { adoptedRunId } from '../domain/run/adopted-run.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { describeIssues, plainWords } from './describe-issues.ts';
import { newRun } from './new-run.ts';
import { planCatalog } from './plan-catalog.ts';
import { sourcesOf } from './sources-of.ts';
import { tooLate } from './too-late.ts';

type AdoptPorts = PortsOf<'adopt-execution', 'clock' | 'log' | 'platform'>;

/**
 * Makes the run of an execution that somebody started with a catalog request, in the console or by another service of the
 * account: what `POST /catalog` takes, with the tenant. Called once more, it answers with the same run. Fails with
 * INVALID_REQUEST and as `POST /catalog` does, with CONFLICT where the execution's name is the id of another run.
 */
export const adoptExecution = async (
  ports: AdoptPorts,
  chain: Chain,
  { request: input, name, execution_id, started_at }: TaskInput<'adopt-execution'>,
): Promise<TaskOutput<'adopt-execution'>> => {
  const { tenant, ...rest } = parse(z.looseObject({ tenant: Tenant }), input);
  const request = parse(CatalogRequest, rest);
  refuseCredentials(request);
  const caller = { tenant, actor: { kind: 'console', id: name }, rights: [] } as const;
  const run_id = adoptedRunId({ name, started_at: Date.parse(started_at) });
  const plan = await planCatalog(ports, caller, {
    chain,
    request,
    trigger: { kind: 'console', id: name },
    where: 'input',
    claim: async () => run_id,
  });
  const run = { ...newRun(caller, plan, ports.clock.now()), execution_id };
  await createOnce(ports, run);
  ports.log.info('run started', { tenant, run_id, chain: chain.name, sources: run.sources.map(({ label }) => label) });
  return { tenant, run_id };
};

/** A part of the input by its schema, or what is wrong with it. */
const parse = <T>(schema: z.ZodType<T>, input: unknown): T => {
  const parsed = schema.safeParse(input, { error: plainWords });
  if (parsed.success) return parsed.data;
  const [first] = describeIssues(parsed.error.issues, () => ['tenant', ...Object.keys(CatalogRequest.shape)]);
  const where = ['input', first?.where ?? ''].filter((part) => part !== '').join('.');
  throw new Failure(
    'INVALID_REQUEST',
    `${where}: ${(first?.message ?? 'is wrong').replace(/([^.?])$/, '$1.')} Start the execution with what POST /catalog takes and the tenant, as in {"tenant": "acme", "connection": "shop", "s3_prefix": "reports/shop"}.`,
    { where },
  );
};

/** The input of an execution stays in its history and in the log of the machine, for all who may look at these. */
const refuseCredentials = (request: CatalogRequest): void => {
  const found = sourcesOf(request, 'input').find(({ wanted }) => wanted.db_conn_string !== undefined);
  if (found === undefined) return;
  const where = `${found.where}.db_conn_string`;
  throw new Failure(
    'INVALID_REQUEST',
    `${where}: the input of an execution is kept where others read it, so it may hold no connection string. Change the password that was in it, make a named connection, and start an execution that names it.`,
    { where },
  );
};

/** A call whose answer was lost has made it before. */
const createOnce = async ({ runs }: AdoptPorts, run: Run): Promise<void> => {
  try {
    await runs.create(run);
  } catch (thrown) {
    if (toFailure(thrown).kind !== 'CONFLICT') throw thrown;
    const known = await runs.get(run.tenant, run.run_id);
    if (known === undefined || known.execution_id !== run.execution_id)
      throw new Failure(
        'CONFLICT',
        `There is a run ${run.run_id} already, and the execution is named like it. Start the execution under another name.`,
        { where: 'name', cause: thrown },
      );
    if (known.status !== 'running') throw tooLate(run.run_id);
  }
};
