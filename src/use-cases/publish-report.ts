import type { AgentSession, Prompt } from '../contracts/agent.ts';
import type { Evidence } from '../contracts/evidence.ts';
import { Failure } from '../contracts/failure.ts';
import { Drift } from '../contracts/drift.ts';
import { RunProfile } from '../contracts/profile.ts';
import { templateNames } from '../domain/agent/render-template.ts';
import { maskReport } from '../domain/personal-data/mask-report.ts';
import { renderReport } from '../domain/report/render-report.ts';
import { reportTitle } from '../domain/report/report-title.ts';
import { reportKeys, runKeys } from '../domain/run-keys.ts';
import type { Ports } from '../ports/ports.ts';
import { readDocument } from './agent-documents.ts';

type PublishPorts = Pick<Ports, 'runs' | 'evidence' | 'objects' | 'model' | 'clock' | 'log'>;

/**
 * Publishes an agent’s text as its report: the JSON twin first, then the page, then the run names both, so whoever finds a
 * page finds its data. Published again, it replaces what was there.
 */
export const publishReport = async (
  ports: PublishPorts,
  session: AgentSession,
  prompt: Prompt,
  bodyHtml: string,
): Promise<{ readonly html: string; readonly json: string }> => {
  const { tenant, run_id, agent } = session;
  const run = await ports.runs.get(tenant, run_id);
  if (run === undefined) throw new Failure('NOT_FOUND', `There is no run ${run_id}.`);
  const { publish } = run;
  if (publish === undefined)
    throw new Failure(
      'INTERNAL',
      `Run ${run_id} publishes no reports, and its agent ${agent} has submitted one. Give its chain no agent that does.`,
    );
  const now = ports.clock.now().toISOString();
  const profile = await readDocument(ports, tenant, runKeys(run_id).profile, RunProfile);
  const drift = await readDocument(ports, tenant, runKeys(run_id).drift, Drift);
  const showsProfile = templateNames(prompt.context).includes('profile');
  const { tenant: _, failure: __, ...shown } = session;
  const report = maskReport({
    report_version: 2,
    run_id,
    agent,
    title: reportTitle(run.sources, agent),
    sources: run.sources,
    s3_prefix: publish.s3_prefix,
    created_at: now,
    run_started_at: run.created_at,
    body_html: bodyHtml,
    // Who was given the profile publishes it with the text; others’ readers find it there.
    ...(showsProfile && profile !== undefined ? { profile } : {}),
    drift: drift ?? { changes: [] },
    evidence: await evidenceOf(ports, session, bodyHtml, showsProfile),
    // An agent whose report is published has succeeded, whatever comes afterwards.
    session: { ...shown, status: 'succeeded', report_submitted: true, reserved_dollars: 0, ended_at: now },
    analyst: ports.model.kind,
  });
  const keys = reportKeys(publish.s3_prefix, publish.timestamp, agent);
  await ports.objects.put(tenant, keys.json, JSON.stringify(report), 'application/json');
  await ports.objects.put(tenant, keys.html, renderReport(report), 'text/html; charset=utf-8');
  await ports.runs.addReport(tenant, run_id, { agent, html_key: keys.html, json_key: keys.json });
  ports.log.info('report published', {
    agent,
    html_key: keys.html,
    json_key: keys.json,
    evidence: report.evidence.length,
  });
  return keys;
};

/** What a report rests on: the agent’s own work, the profile’s statements where it shows the profile, and all that it cites. Each once. */
const evidenceOf = async (
  ports: Pick<Ports, 'evidence'>,
  session: AgentSession,
  bodyHtml: string,
  showsProfile: boolean,
): Promise<readonly Evidence[]> => {
  const all = await ports.evidence.list(session.tenant, session.run_id);
  const wanted = all
    .map(({ evidence }) => evidence)
    .filter(
      (evidence) =>
        evidence.agent === session.agent ||
        (showsProfile && evidence.origin === 'profile') ||
        bodyHtml.includes(evidence.evidence_id),
    );
  return [...new Map(wanted.map((evidence) => [evidence.evidence_id, evidence])).values()];
};
