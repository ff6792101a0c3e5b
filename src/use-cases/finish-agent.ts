import { heldByRun } from '../contracts/sandbox.ts';
import { createHash } from 'node:crypto';
import type { AgentSession, AgentStatus } from '../contracts/agent.ts';
import { causeOf, reportOfCause } from '../contracts/failure-cause.ts';
import type { FailureReport } from '../contracts/failure-report.ts';
import { Failure, type FailureKind, toFailure } from '../contracts/failure.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { conversationKeys } from '../domain/agent/conversation.ts';
import { allTokens } from '../domain/budget/usage.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { putSession } from './agent-documents.ts';
import { findRunUnderWay } from './find-run-under-way.ts';
import { tooLate } from './too-late.ts';

type FinishPorts = PortsOf<'finish-agent'>;

/**
 * Ends an agent, however it came to its end: its kernel goes, its outcome is recorded, its report becomes the node’s
 * result. An agent that has submitted its report has succeeded, whatever came afterwards. Run again, it answers the same.
 */
export const finishAgent = async (
  ports: FinishPorts,
  input: TaskInput<'finish-agent'>,
): Promise<TaskOutput<'finish-agent'>> => {
  await findRunUnderWay(ports, input);
  const session = await ports.sessions.get(input.tenant, input.run_id, input.agent);
  if (session === undefined) return { status: 'failed', ...named(failureOf(input, undefined)), tokens: 0, dollars: 0 };
  if (session.status === 'running' && session.attempt !== (input.attempt ?? session.attempt))
    throw tooLate(input.run_id);
  const ended = session.status === 'running' ? await end(ports, session, input) : session;
  return {
    status: ended.status,
    ...(ended.failure === undefined ? {} : named(ended.failure)),
    tokens: allTokens(ended.usage),
    dollars: ended.usage.dollars,
  };
};

const end = async (
  ports: FinishPorts,
  session: AgentSession,
  input: TaskInput<'finish-agent'>,
): Promise<AgentSession> => {
  await endKernel(ports, session);
  const { failure: noted, ...rest } = session;
  const failure = session.report_submitted ? undefined : failureOf(input, noted);
  const ended: AgentSession = {
    ...rest,
    status: statusOf(failure),
    reserved_dollars: 0,
    ended_at: ports.clock.now().toISOString(),
    ...(failure === undefined ? {} : { failure }),
  };
  if (failure === undefined) await recordResult(ports, ended, input.node);
  await putSession(ports, ended);
  ports.log.info('agent ended', {
    agent: session.agent,
    status: ended.status,
    failure: failure?.kind,
    turns: ended.turns,
    statements: ended.statements,
    ...ended.usage,
  });
  return ended;
};

/** The sandbox may be what failed; it is released with the run, so a kernel that does not end here ends there. */
const endKernel = async (ports: FinishPorts, session: AgentSession): Promise<void> => {
  const lease = await ports.leases.get(session.tenant, heldByRun(session.run_id));
  if (lease === undefined) return;
  try {
    await ports.sandbox.call(lease, 'end_session', {});
  } catch (thrown) {
    ports.log.warn('the kernel was not ended', { agent: session.agent, failure: toFailure(thrown).kind });
  }
};

const recordResult = async (ports: FinishPorts, session: AgentSession, node: string): Promise<void> => {
  const { tenant, run_id, agent } = session;
  const run = await ports.runs.get(tenant, run_id);
  const report = run?.reports.find((candidate) => candidate.agent === agent);
  if (report === undefined)
    throw new Failure('INTERNAL', `The report of ${agent} was submitted, but run ${run_id} does not list it.`);
  // What the agent was told at its start is its config and all it was given.
  const opening = await ports.documents.get(tenant, conversationKeys(run_id, agent, session.opened_in).closed(0));
  const input_hash = createHash('sha256')
    .update(session.model)
    .update('\0')
    .update(session.prompt_hash)
    .update('\0')
    .update(opening ?? '')
    .digest('hex');
  await ports.nodeResults.put({
    tenant,
    run_id,
    node,
    attempt: session.attempt,
    input_hash,
    object_key: report.json_key,
    recorded_at: ports.clock.now().toISOString(),
  });
};

/** What the agent failed of: what its own states noted, else what the machine caught, else that there is no report. */
const failureOf = (input: TaskInput<'finish-agent'>, noted: FailureReport | undefined): FailureReport => {
  if (noted !== undefined) return noted;
  if (input.error !== '') return reportOfCause(input.error, input.cause);
  return { kind: 'AGENT_WITHOUT_REPORT', message: `The agent ${input.agent} ended without submitting a report.` };
};

const statusOf = (failure: FailureReport | undefined): AgentStatus => {
  if (failure === undefined) return 'succeeded';
  return failure.kind === ('BUDGET_EXCEEDED' satisfies FailureKind) ? 'budget_exceeded' : 'failed';
};

const named = (failure: FailureReport): { readonly error: string; readonly cause: string } => ({
  error: failure.kind,
  cause: causeOf(failure),
});
