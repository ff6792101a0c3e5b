import type { Caller } from '../contracts/caller.ts';
import { Failure } from '../contracts/failure.ts';
import type { ResumeRequest, Run, RunAccepted, RunSource } from '../contracts/run.ts';
import { heldByRun } from '../contracts/sandbox.ts';
import { parseConnectionString } from '../domain/connection/parse-connection-string.ts';
import { reopenSession } from '../domain/run/reopen-session.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { beginExecution } from './begin-execution.ts';
import { findRun } from './find-run.ts';
import { keptStrings } from './kept-strings.ts';

type ResumePorts = PortsOf<'resume-run'>;

/**
 * Goes on with a run that ended without success, in a new execution of the same run: each state finds what it has recorded
 * (measured tables, answers of the model, results of tools) and does only what is missing. Fails with CONFLICT on a run
 * that is under way or has succeeded, INVALID_REQUEST where the credential that it needs again is missing or another's.
 */
export const resumeRun = async (
  ports: ResumePorts,
  caller: Caller,
  runId: string,
  request: ResumeRequest,
): Promise<RunAccepted> => {
  const { tenant, actor } = caller;
  const run = await findRun(ports, tenant, runId);
  if (run.status === 'running') throw conflict(`Run ${runId} is under way already.`);
  if (run.status === 'succeeded') throw conflict(`Run ${runId} has succeeded: there is nothing left to do.`);
  const credential = credentialOf(run, request.db_conn_string);
  const budget = { ...run.budget, ...request.budget };
  const attempt = run.attempt + 1;

  const act = { act: 'resume', actor, at: ports.clock.now().toISOString() } as const;
  const change = { attempt, act, ...(Object.keys(budget).length === 0 ? {} : { budget }) };
  if (!(await ports.runs.reopen(tenant, runId, change)))
    throw conflict(`Run ${runId} was resumed by another request at the same moment.`);
  const reopened = { ...run, attempt };
  const kept = keptStrings(ports);
  const prepare = async (): Promise<void> => {
    await reopenParts(ports, reopened, request);
    if (credential !== undefined) await kept.keep(tenant, runId, credential.source.name, credential.text);
  };
  await beginExecution(ports, reopened, { kept, prepare });
  ports.log.info('run resumed', { tenant, run_id: runId, attempt });
  return { run_id: runId, status_url: `/runs/${runId}` };
};

const conflict = (message: string): Failure => new Failure('CONFLICT', message, { where: 'path.id' });

const where = 'body.db_conn_string';

/** The connection string that came with the request, and the source it is for; undefined where none is needed. */
const credentialOf = (
  run: Run,
  text: string | undefined,
): { readonly source: RunSource; readonly text: string } | undefined => {
  const source = run.sources.find(({ kind }) => kind === 'inline');
  if (source === undefined) {
    if (text === undefined) return undefined;
    throw new Failure('INVALID_REQUEST', 'The run was started without a connection string, and needs none now.', {
      where,
    });
  }
  if (run.sources.length > 1)
    throw new Failure(
      'INVALID_REQUEST',
      `Run ${run.run_id} had connection strings of its own for several databases, which were deleted when it ended; a run over named connections can be resumed.`,
      { where: 'path.id', advice: { kind: 'start_new_run' } },
    );
  if (text === undefined)
    throw new Failure('INVALID_REQUEST', `The connection string of run ${run.run_id} was deleted when the run ended.`, {
      where,
      advice: { kind: 'send_connection_string', run_id: run.run_id, database: source.label },
    });
  const { label } = parseConnectionString(text, where);
  if (label !== source.label)
    throw new Failure(
      'INVALID_REQUEST',
      `The run surveyed ${source.label}, and this connection string is for ${label}. Send the one for the same database, or start a new run.`,
      { where },
    );
  return { source, text };
};

/** What the end of the attempt before left: agents that ended with it, and perhaps a lease on a sandbox that is gone. */
const reopenParts = async (ports: ResumePorts, run: Run, { budget = {} }: ResumeRequest): Promise<void> => {
  const now = ports.clock.now();
  await ports.leases.delete(run.tenant, heldByRun(run.run_id), run.attempt);
  for (const session of await ports.sessions.list(run.tenant, run.run_id)) {
    const reopened = reopenSession(session, run.attempt, budget, now);
    if (reopened !== session) await ports.sessions.reopen(reopened);
  }
};
