import type * as z from 'zod';
import type { AgentSession } from '../contracts/agent.ts';
import { reportOf } from '../contracts/failure-report.ts';
import { Failure, toFailure } from '../contracts/failure.ts';
import { storableText, storedDocument, storedJson } from '../contracts/stored-document.ts';
import { heldByRun, type Lease } from '../contracts/sandbox.ts';
import type { TaskInput } from '../contracts/tasks.ts';
import type { Using } from '../ports/port-access.ts';
import { tooLate } from './too-late.ts';

/** Reads a JSON document of the object store; undefined where there is none. Fails with STORAGE_FAILED on another than it should be. */
export const readDocument = async <T extends z.ZodType>(
  ports: Using<{ documents: 'read' }>,
  tenant: string,
  key: string,
  schema: T,
): Promise<z.infer<T> | undefined> => {
  const bytes = await ports.documents.get(tenant, key);
  if (bytes === undefined) return undefined;
  const json = storedJson(new TextDecoder().decode(bytes));
  return storedDocument<z.infer<T>>(schema as z.ZodType<z.infer<T>>, json, `the object ${key}`);
};

/** Reads a JSON document that an earlier state wrote. Fails with INTERNAL where it is gone. */
export const requireDocument = async <T extends z.ZodType>(
  ports: Using<{ documents: 'read' }>,
  tenant: string,
  key: string,
  schema: T,
): Promise<z.infer<T>> => {
  const document = await readDocument(ports, tenant, key, schema);
  if (document === undefined) {
    throw new Failure(
      'INTERNAL',
      `The object ${key} is missing, which an earlier state of the run wrote. Was it deleted?`,
      { advice: { kind: 'start_new_run' } },
    );
  }
  return document;
};

/** Writes a JSON document. Fails with INTERNAL on one that could not be read again. */
export const writeDocument = async <T>(
  ports: Using<{ documents: 'write' }>,
  tenant: string,
  key: string,
  schema: z.ZodType<T>,
  document: NoInfer<T>,
): Promise<void> =>
  ports.documents.put(tenant, key, storableText(schema, document, `the object ${key}`), 'application/json');

/**
 * Writes a JSON document that is written once, and answers with the one that is there: whoever was first, a function that
 * was tried again and one that comes late meet in the same.
 */
export const writeOnce = async <T extends z.ZodType>(
  ports: Using<{ documents: 'read' | 'write' }>,
  tenant: string,
  key: string,
  schema: T,
  document: z.infer<T>,
): Promise<z.infer<T>> =>
  (await ports.documents.putNew(
    tenant,
    key,
    storableText<unknown>(schema, document, `the object ${key}`),
    'application/json',
  ))
    ? document
    : requireDocument(ports, tenant, key, schema);

/**
 * The session of the agent that a task is about. Fails with INTERNAL where start-agent has not run, with CONFLICT where the
 * agent is running in another attempt than the task.
 */
export const requireSession = async (
  ports: Using<{ sessions: 'read' }>,
  input: TaskInput<'start-agent'>,
): Promise<AgentSession> => {
  const session = await ports.sessions.get(input.tenant, input.run_id, input.agent);
  if (session === undefined)
    throw new Failure('INTERNAL', `The agent ${input.agent} of run ${input.run_id} has not been started.`);
  if (session.status === 'running' && session.attempt !== (input.attempt ?? session.attempt))
    throw tooLate(input.run_id);
  return session;
};

/** Keeps a session that is running. Fails with CONFLICT where it has ended or gone on in a later attempt meanwhile. */
export const putSession = async (ports: Using<{ sessions: 'write' }>, session: AgentSession): Promise<void> => {
  if (!(await ports.sessions.put(session))) throw tooLate(session.run_id);
};

/** The run’s lease on its sandbox. Fails with SANDBOX_LOST where it has none any more. */
export const requireLease = async (ports: Using<{ leases: 'read' }>, tenant: string, runId: string): Promise<Lease> => {
  const lease = await ports.leases.get(tenant, heldByRun(runId));
  if (lease === undefined)
    throw new Failure('SANDBOX_LOST', `Run ${runId} has no sandbox any more.`, {
      advice: { kind: 'resume_run', run_id: runId },
    });
  return lease;
};

/**
 * Notes in the session why its state fails, so that the agent’s end can say so, and gives the failure to throw. One that
 * has ended keeps what it ended of.
 */
export const noteFailure = async (
  ports: Using<{ sessions: 'write' }>,
  session: AgentSession,
  thrown: unknown,
): Promise<Failure> => {
  const failure = toFailure(thrown);
  await ports.sessions.put({ ...session, failure: reportOf(failure) });
  return failure;
};

/** The session without a failure that a later attempt has made good. */
export const withoutFailure = (session: AgentSession): AgentSession => {
  const { failure, ...rest } = session;
  return failure === undefined ? session : rest;
};
