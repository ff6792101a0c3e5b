import type { AgentSession, Prompt } from '../contracts/agent.ts';
import { Drift } from '../contracts/drift.ts';
import type { Evidence } from '../contracts/evidence.ts';
import { Failure } from '../contracts/failure.ts';
import type { Finding, Findings } from '../contracts/finding.ts';
import { FindingChanges } from '../contracts/finding-change.ts';
import { RunProfile } from '../contracts/profile.ts';
import { Report } from '../contracts/report.ts';
import { storableText } from '../contracts/stored-document.ts';
import { withAgentFindings } from '../domain/finding/agent-findings.ts';
import { maskReport } from '../domain/personal-data/mask-report.ts';
import { missedParts } from '../domain/report/not-looked-at.ts';
import { renderReport } from '../domain/report/render-report.ts';
import { reportTitle } from '../domain/report/report-title.ts';
import { reportKeys, runKeys } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';
import { readDocument } from './agent-documents.ts';
import { findRunUnderWay } from './find-run-under-way.ts';
import { readFindings } from './read-findings.ts';
import { tooLate } from './too-late.ts';

type PublishPorts = Using<
  { runs: 'read' | 'write'; evidence: 'read'; documents: 'read'; reports: 'write'; model: 'name' },
  'clock' | 'log'
>;

/** What an agent submits: its text, sanitized, and findings of its own. */
export type Submission = { readonly html: string; readonly findings: readonly Finding[] };

/**
 * Publishes an agent’s text as its report: the JSON twin first, then the page, then the run names both. Lists and answers know of
 * a report by the run alone, so they show both or neither, whenever this is broken off. Published again, it replaces what was there;
 * broken off then, the twin is the newer of the two until the state is tried again.
 */
export const publishReport = async (
  ports: PublishPorts,
  session: AgentSession,
  { shows_profile }: Pick<Prompt, 'shows_profile'>,
  submission: Submission,
): Promise<{ readonly html: string; readonly json: string }> => {
  const { tenant, run_id, agent } = session;
  const run = await findRunUnderWay(ports, session);
  const { publish } = run;
  if (publish === undefined)
    throw new Failure(
      'INTERNAL',
      `Run ${run_id} publishes no reports, and its agent ${agent} has submitted one. Give its chain no agent that does.`,
    );
  const keys = reportKeys(publish.s3_prefix, publish.timestamp, agent);
  const now = ports.clock.now().toISOString();
  const documents = runKeys(run_id);
  const drift = await readDocument(ports, tenant, documents.drift, Drift);
  const changes = await readDocument(ports, tenant, documents.findingChanges, FindingChanges);
  // Who was given the profile publishes it with the text; others’ readers find it there.
  const measured = await readDocument(ports, tenant, documents.profile, RunProfile);
  const looked = await readFindings(ports, run);
  const [profile, rules] = shows_profile ? [measured, looked] : [];
  const found: Partial<Findings> | undefined =
    rules !== undefined
      ? withAgentFindings(rules, submission.findings)
      : submission.findings.length > 0
        ? { findings: submission.findings }
        : undefined;
  const { tenant: _, failure: __, attempt: ___, opened_in: ____, ...shown } = session;
  const shownReport: Report = {
    report_version: 3,
    run_id,
    agent,
    title: reportTitle(run.sources, agent),
    sources: run.sources,
    s3_prefix: publish.s3_prefix,
    created_at: now,
    run_started_at: run.created_at,
    body_html: submission.html,
    ...(profile === undefined ? {} : { profile }),
    drift: drift ?? { changes: [] },
    ...found,
    ...(measured === undefined ? {} : { missed: missedParts(looked, measured) }),
    ...(changes === undefined ? {} : { finding_changes: changes }),
    evidence: await evidenceOf(ports, session, shows_profile, citedIn(submission.html, found)),
    // An agent whose report is published has succeeded, whatever comes afterwards.
    session: { ...shown, status: 'succeeded', report_submitted: true, reserved_dollars: 0, ended_at: now },
    analyst: ports.model.kind,
  };
  const report = maskReport(shownReport, { profile: measured, findings: looked?.findings });
  // Both are made, and the twin is judged as its readers will, before either is written.
  const [json, html] = [storableText(Report, report, `the object ${keys.json}`), renderReport(report)];
  await ports.reports.put(tenant, keys.json, json, 'application/json');
  await ports.reports.put(tenant, keys.html, html, 'text/html; charset=utf-8');
  const reference = { agent, html_key: keys.html, json_key: keys.json };
  if (!(await ports.runs.addReport(tenant, run_id, session.attempt, reference))) throw tooLate(run_id);
  ports.log.info('report published', {
    agent,
    html_key: keys.html,
    json_key: keys.json,
    findings: report.findings?.length,
    evidence: report.evidence.length,
  });
  return keys;
};

/** The evidence ids that a text and what was found name. */
const citedIn = (html: string, found: Partial<Findings> = {}): ReadonlySet<string> => {
  const { findings = [], facts = [], keys = [], relationships = [] } = found;
  return new Set([
    ...(html.match(/\be[0-9a-f]{6,64}\b/g) ?? []),
    ...[...findings, ...facts, ...keys, ...relationships].flatMap(({ evidence }) => evidence),
  ]);
};

/**
 * What a report rests on: the agent’s own work, the profile’s statements where it shows the profile, and all that it
 * cites; each once. The statements of rules that found nothing stay with the run: a thousand tables have twenty thousand.
 */
const evidenceOf = async (
  ports: Using<{ evidence: 'read' }>,
  { tenant, run_id, agent }: AgentSession,
  showsProfile: boolean,
  cited: ReadonlySet<string>,
): Promise<readonly Evidence[]> => {
  const wanted = (await ports.evidence.list(tenant, run_id))
    .map(({ evidence }) => evidence)
    .filter(
      (evidence) =>
        evidence.agent === agent || (showsProfile && evidence.origin === 'profile') || cited.has(evidence.evidence_id),
    );
  return [...new Map(wanted.map((evidence) => [evidence.evidence_id, evidence])).values()];
};
