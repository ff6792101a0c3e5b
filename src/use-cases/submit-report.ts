import type { AgentSession, Prompt } from '../contracts/agent.ts';
import type { Evidence } from '../contracts/evidence.ts';
import { Failure } from '../contracts/failure.ts';
import type { Finding } from '../contracts/finding.ts';
import { RunProfile } from '../contracts/profile.ts';
import type { Run } from '../contracts/run.ts';
import type { SubmittedFinding, ToolInput } from '../contracts/tool.ts';
import type { ToolOutcome } from '../domain/agent/conversation.ts';
import { type CitedEvidence, judgeFindings, type Judgement } from '../domain/agent/judge-findings.ts';
import { numbersInCell, numbersInTable, numbersInText } from '../domain/agent/numbers-in.ts';
import { withAgentFindings } from '../domain/finding/agent-findings.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';
import { putSession, readDocument, writeDocument } from './agent-documents.ts';
import { tryChecks } from './try-checks.ts';
import { compareWithEarlier } from './compare-with-earlier.ts';
import { findRun } from './find-run.ts';
import { findRunUnderWay } from './find-run-under-way.ts';
import { keepEvidence } from './keep-evidence.ts';
import { publishReport } from './publish-report.ts';
import { readEvidenceResult } from './read-evidence-result.ts';
import { AgentFindings, readFindings } from './read-findings.ts';

type SubmitPorts = Using<
  {
    runs: 'read' | 'previous' | 'write';
    sessions: 'write';
    evidence: 'read' | 'write';
    leases: 'read';
    documents: 'read' | 'write';
    reports: 'write';
    evidenceObjects: 'read' | 'write';
    sandbox: 'call';
    model: 'name';
  },
  'clock' | 'log'
>;

/**
 * Publishes an agent’s text and its own findings. Fails with INVALID_REQUEST where nothing of the text may be shown or a
 * finding does not rest on what the run has recorded, and says all that is wrong at once. Submitted again, both replace
 * what was there.
 */
export const submitReport = async (
  ports: SubmitPorts,
  session: AgentSession,
  prompt: Prompt,
  { content, findings: submitted = [] }: ToolInput<'submit_html'>,
): Promise<ToolOutcome> => {
  const run = await findRun(ports, session.tenant, session.run_id);
  // It reads HTML and CSS, and takes 14 ms to load: of all the calls of tools one submits.
  const { sanitizeBody } = await import('../domain/report/sanitize-body.ts');
  const { html, removed } = sanitizeBody(content);
  const { findings, problems } = await judge(ports, session, run, submitted);
  const all = [...(html.replace(/<[^>]*>/g, '').trim() === '' ? [nothingLeft(removed)] : []), ...problems];
  if (all.length > 0) throw new Failure('INVALID_REQUEST', `Nothing was published. ${all.join('\n')}`);

  await findRunUnderWay(ports, session);
  await keepFindings(ports, session, run, findings);
  const keys = await publishReport(ports, session, prompt, { html, findings });
  await putSession(ports, { ...session, report_submitted: true });
  const note =
    removed.length === 0
      ? 'Nothing had to be removed.'
      : `Removed, because a report may not contain it: ${removed.join(', ')}.`;
  return { content: `The report is published at ${keys.html}. ${note}`, is_error: false };
};

const nothingLeft = (removed: readonly string[]): string =>
  `Nothing is left of the report to show${removed.length === 0 ? '' : ` once this is removed: ${removed.join(', ')}`}. Submit the text of the report as HTML.`;

const judge = async (
  ports: SubmitPorts,
  session: AgentSession,
  run: Run,
  submitted: readonly SubmittedFinding[],
): Promise<Judgement> => {
  if (submitted.length === 0) return { findings: [], problems: [] };
  await keepEvidence(ports, session);
  const profile = await readDocument(ports, run.tenant, runKeys(run.run_id).profile, RunProfile);
  if (profile === undefined)
    return { findings: [], problems: ['This run has measured no table, so it can have no findings.'] };
  const cited = new Set(submitted.flatMap(({ evidence }) => evidence));
  const kept = await ports.evidence.list(run.tenant, run.run_id);
  const pieces = await Promise.all(
    [...new Map(kept.map(({ evidence }) => [evidence.evidence_id, evidence])).values()]
      .filter(({ evidence_id }) => cited.has(evidence_id))
      .map(async (evidence): Promise<readonly [string, CitedEvidence]> => {
        const { evidence_id, kind, text, incomplete } = evidence;
        // What is not the answer has no number that a finding could stand on.
        const numbers = incomplete === undefined ? await numbersOf(ports, run.tenant, evidence) : new Set<number>();
        return [evidence_id, { kind, text, incomplete, numbers }];
      }),
  );
  const found = (await readFindings(ports, { ...run, reports: [] })) ?? { findings: [] };
  const judgement = judgeFindings(submitted, { profile, found, cited: new Map(pieces) });
  // What is refused anyway need not be run.
  if (judgement.problems.length > 0) return judgement;
  return { ...judgement, problems: await tryChecks(ports, session, judgement.findings) };
};

/** The numbers in the result of a piece of evidence; of a long one that was not kept whole, those of its beginning. */
const numbersOf = async (
  ports: Using<{ evidenceObjects: 'read' }>,
  tenant: string,
  evidence: Evidence,
): Promise<ReadonlySet<number>> => {
  const result = await readEvidenceResult(ports, tenant, evidence);
  switch (result?.kind) {
    case 'sql':
      return numbersInTable(result.table);
    case 'python':
      return numbersInCell(result.cell);
    case undefined:
      return new Set([...numbersInText(evidence.preview), ...(evidence.rows === undefined ? [] : [evidence.rows])]);
  }
};

/** Keeps the agent’s findings, and compares and counts them with those of the rules. */
const keepFindings = async (
  ports: SubmitPorts,
  { agent }: AgentSession,
  run: Run,
  findings: readonly Finding[],
): Promise<void> => {
  const keys = runKeys(run.run_id);
  const isPublished = run.reports.some((report) => report.agent === agent);
  if (findings.length === 0 && !isPublished) return;
  await writeDocument(ports, run.tenant, keys.agentFindings(agent), AgentFindings, findings);
  const found = await readFindings(ports, run);
  const profile = await readDocument(ports, run.tenant, keys.profile, RunProfile);
  if (found !== undefined && profile !== undefined)
    await compareWithEarlier(ports, run, profile, withAgentFindings(found, findings));
};
