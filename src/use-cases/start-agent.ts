import type { AgentSession, Prompt } from '../contracts/agent.ts';
import { Failure } from '../contracts/failure.ts';
import { FindingChanges } from '../contracts/finding-change.ts';
import { Drift } from '../contracts/drift.ts';
import { RunProfile } from '../contracts/profile.ts';
import type { Run } from '../contracts/run.ts';
import type { Lease } from '../contracts/sandbox.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { tools } from '../contracts/tool.ts';
import type { AgentContext } from '../domain/agent/agent-context.ts';
import { Conversation, conversationKeys } from '../domain/agent/conversation.ts';
import { renderTemplate } from '../domain/agent/render-template.ts';
import { noUsage } from '../domain/budget/usage.ts';
import { digestDrift, digestFindingChanges } from '../domain/profile-digest/digest-changes.ts';
import { digestDatabases } from '../domain/profile-digest/digest-databases.ts';
import { digestFindings } from '../domain/profile-digest/digest-findings.ts';
import { maskProfile } from '../domain/personal-data/mask-profile.ts';
import { maskDrift } from '../domain/personal-data/mask-report.ts';
import { personalColumnsOf } from '../domain/personal-data/personal-columns.ts';
import { digestProfile } from '../domain/profile-digest/digest-profile.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { PortsOf, Using } from '../ports/port-access.ts';
import { putSession, readDocument, requireDocument, requireLease, writeDocument } from './agent-documents.ts';
import { type ReportFile, earlierReports } from './earlier-reports.ts';
import { readFindings } from './read-findings.ts';
import { tooLate } from './too-late.ts';

type StartPorts = PortsOf<'start-agent', 'modelOverride' | 'clock' | 'log'>;

/**
 * Begins an agent: a fresh kernel in the run’s sandbox, the files it is given, and the first message, filled in from the
 * prompt’s template. What the template asks for is what the agent gets. Run again before the first turn it starts over;
 * afterwards it changes nothing. Fails with SETTING_INVALID on a prompt that cannot be filled in.
 */
export const startAgent = async (
  ports: StartPorts,
  input: TaskInput<'start-agent'>,
): Promise<TaskOutput<'start-agent'>> => {
  const { tenant, run_id, agent } = input;
  const before = await ports.sessions.get(tenant, run_id, agent);
  if (before !== undefined && before.status !== 'running') return { model: before.model };

  const run = await ports.runs.get(tenant, run_id);
  if (run === undefined) throw new Failure('NOT_FOUND', `There is no run ${run_id}.`);
  const attempt = input.attempt ?? run.attempt;
  if (run.status !== 'running' || run.attempt !== attempt || attempt !== (before?.attempt ?? attempt))
    throw tooLate(run_id);
  if (before !== undefined && before.turns > 0) {
    // Only a resumed run starts an agent that has taken turns. It goes on where it was, with a kernel of its own again.
    const { prompt } = await requireDocument(
      ports,
      tenant,
      conversationKeys(run_id, agent, before.opened_in).closed(0),
      Conversation,
    );
    await startKernel(ports, run, before, prompt);
    ports.log.info('agent resumed', { agent, turns: before.turns, attempt: run.attempt });
    return { model: before.model };
  }
  const { prompt, hash } = await ports.prompts.find(agent, run.prompts?.[agent]);
  const session: AgentSession = {
    tenant,
    run_id,
    agent,
    status: 'running',
    attempt,
    ...(attempt === 1 ? {} : { opened_in: attempt }),
    model: ports.model.kind === 'deterministic' ? 'deterministic' : (ports.modelOverride ?? prompt.model),
    prompt_version: prompt.version,
    prompt_hash: hash,
    budget: { ...prompt.budget, ...definedOnly(run.budget ?? {}) },
    turns: 0,
    // What it has used of its budget before its first turn stays used: calls that broke off, statements of a session that is gone.
    statements: before?.statements ?? 0,
    usage: before?.usage ?? noUsage,
    reserved_dollars: 0,
    ...(before?.held_calls === undefined ? {} : { held_calls: before.held_calls }),
    ...(before?.model_wait === undefined ? {} : { model_wait: before.model_wait }),
    wrap_up_told: false,
    report_submitted: false,
    started_at: before?.started_at ?? ports.clock.now().toISOString(),
    ...(before?.paused_seconds === undefined ? {} : { paused_seconds: before.paused_seconds }),
  };
  // First, so that the agent's end finds a session whatever fails below.
  if (!(await ports.sessions.begin(session))) throw tooLate(run_id);

  const files = await startKernel(ports, run, session, prompt);
  const values: AgentContext = { ...(await contextValues(ports, run, files)), budget: session.budget };
  const opening: Conversation = {
    prompt,
    messages: [{ role: 'user', content: [{ type: 'text', text: renderTemplate(prompt.context, values) }] }],
    reminders: 0,
    wrap_up_told: false,
    attempt,
  };
  await writeDocument(
    ports,
    tenant,
    conversationKeys(run_id, agent, session.opened_in).closed(0),
    Conversation,
    opening,
  );
  ports.log.info('agent started', {
    agent,
    model: session.model,
    prompt_hash: hash,
    budget: session.budget,
    files: files.length,
  });
  return { model: session.model };
};

/** A fresh kernel with the files that the agent is given. What is left of its statements is all it may send. */
const startKernel = async (
  ports: StartPorts,
  run: Run,
  session: AgentSession,
  prompt: Prompt,
): Promise<readonly ReportFile[]> => {
  const { agent, budget, statements } = session;
  if (!prompt.tools.some((tool) => tools[tool].effect === 'runs')) return [];
  const lease = await requireLease(ports, run.tenant, run.run_id);
  const statement_limit = Math.max(0, budget.statements - statements);
  const { isolation } = await ports.sandbox.call(lease, 'start_session', { agent, statement_limit });
  await putSession(ports, { ...session, isolation });
  const files = prompt.reads_reports ? await earlierReports(ports, run) : [];
  await writeFiles(ports, lease, files);
  return files;
};

/** Everything a context template can ask for. */
const contextValues = async (
  ports: Using<{ documents: 'read' }, 'clock'>,
  run: Run,
  files: readonly ReportFile[],
): Promise<Omit<AgentContext, 'budget'>> => {
  const keys = runKeys(run.run_id);
  const measured = await readDocument(ports, run.tenant, keys.profile, RunProfile);
  const changed = await readDocument(ports, run.tenant, keys.drift, Drift);
  const found = await readFindings(ports, run);
  const personal = personalColumnsOf(found?.findings);
  const profile = measured && maskProfile(measured, personal);
  const drift = changed && maskDrift(changed, personal);
  const changes = await readDocument(ports, run.tenant, keys.findingChanges, FindingChanges);
  return {
    databases: profile && digestDatabases(profile),
    // What a prompt asked for before the profile had a map of them.
    tables: profile?.databases.flatMap(({ tables, failed }) => [...tables, ...failed].map(({ table }) => table)),
    profile: profile && digestProfile(profile, found),
    findings: found && digestFindings(found),
    finding_changes: found && changes && digestFindingChanges(found.findings, changes),
    drift: drift && digestDrift(drift),
    s3_prefix: run.publish?.s3_prefix,
    current_timestamp: ports.clock.now().toISOString(),
    report_files: files.map(({ name, about }) => ({ name, about })),
  };
};

const writeFiles = async (
  ports: Using<{ sandbox: 'call' }>,
  lease: Lease,
  files: readonly ReportFile[],
): Promise<void> => {
  for (const { name, bytes } of files) {
    await ports.sandbox.call(lease, 'write_file', { name, content_base64: Buffer.from(bytes).toString('base64') });
  }
};

const definedOnly = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
