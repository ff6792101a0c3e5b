import type { Evidence } from '../../contracts/evidence.ts';
import type { Report } from '../../contracts/report.ts';
import { isEvidenceId } from './evidence-link.ts';
import { formatBytes, formatCountOf, formatDuration } from '../format.ts';
import { html, type Html } from './html.ts';
import { pageLimits } from './page-limits.ts';
import { failureText } from './render-header.ts';
import { makeVisibleLine, shorten } from './visible-text.ts';

const origins = [
  ['tool', 'Sent by the agent'],
  ['kernel', 'Sent from the agent’s Python'],
  ['rule', 'Sent by the rules'],
  ['profile', 'Sent by the profile'],
] as const satisfies readonly (readonly [Evidence['origin'], string])[];

const verdicts = {
  ran: ['good', 'ran'],
  refused: ['warn', 'refused'],
  failed: ['bad', 'failed'],
  timed_out: ['bad', 'timed out'],
} as const satisfies Record<Evidence['verdict'], readonly [string, string]>;

/** The statements and code cells that the figures rest on. Equal work has equal ids and is shown once. */
export const renderEvidence = (report: Report): Html => {
  const once = uniqueEvidence(report);
  const shown = once.slice(0, pageLimits.evidence);
  return html`<section id="evidence">
    <h2>Evidence</h2>
    <p>
      ${once.length === 0 ? 'Nothing was recorded.' : 'The statements and code cells that this report rests on, with what came back; it refers to them by their ids. Those that found nothing stay with the run.'}
    </p>
    ${origins.map(([origin, title]) =>
      group(
        title,
        shown.filter((evidence) => evidence.origin === origin),
        report.sources.length > 1,
      ),
    )}
    ${once.length > shown.length && html`<p class="left-out">${formatCountOf(once.length - shown.length, 'more piece', 'more pieces')} left out here. The JSON twin of this report lists them all.</p>`}
  </section>`;
};

/** The first of each id. What a text or a finding can name comes first, so that the limit cuts the others. */
const uniqueEvidence = ({ evidence, findings = [] }: EvidenceParts): readonly Evidence[] => {
  const byId = new Map<string, Evidence>();
  for (const one of evidence) if (!byId.has(one.evidence_id)) byId.set(one.evidence_id, one);
  const cited = new Set(findings.flatMap((finding) => finding.evidence));
  const rank = ({ evidence_id, origin }: Evidence): number =>
    (origin === 'tool' || origin === 'kernel' || cited.has(evidence_id) ? 0 : origins.length) +
    origins.findIndex(([name]) => name === origin);
  return [...byId.values()].sort((a, b) => rank(a) - rank(b));
};

type EvidenceParts = Pick<Report, 'evidence' | 'findings'>;

/** The ids that the page has an anchor for. */
export const shownEvidenceIds = (report: EvidenceParts): ReadonlySet<string> =>
  new Set(
    uniqueEvidence(report)
      .slice(0, pageLimits.evidence)
      .map(({ evidence_id }) => evidence_id)
      .filter(isEvidenceId),
  );

const group = (title: string, evidence: readonly Evidence[], namesSource: boolean): Html =>
  evidence.length === 0
    ? html``
    : html`<h3>${title} <small>${evidence.length}</small></h3>
        ${evidence.map((one) => entry(one, namesSource))}`;

const entry = (evidence: Evidence, namesSource: boolean): Html => {
  const { evidence_id, kind, verdict, text, preview, failure, incomplete = [] } = evidence;
  const [look, word] = verdicts[verdict];
  const left = text.length - pageLimits.evidence_text;
  return html`<details class="evidence">
    <summary>
      <code class="evidence-id">${shorten(evidence_id, 64)}</code>
      <span class="sign ${look}">${word}</span>
      ${incomplete.length > 0 && html`<span class="sign warn">not the answer</span>`}
      <span class="muted">${measures(evidence, namesSource)}</span>
      <code class="first-line">${firstLine(text)}</code>
    </summary>
    <div ${isEvidenceId(evidence_id) && html`id="${evidence_id}"`}>
      <h4>${kind === 'sql' ? 'SQL' : 'Python'}</h4>
      <pre><code>${text.slice(0, pageLimits.evidence_text)}</code></pre>
      ${left > 0 && html`<p class="left-out">${formatCountOf(left, 'more character')} left out here.</p>`}
      ${incomplete.map((why) => html`<p>No figure is taken from it: ${shorten(why, pageLimits.message)}</p>`)}
      ${failure && html`<p>${failureText(failure)}</p>`}
      ${failure?.excerpt !== undefined && html`<pre>${shorten(failure.excerpt, pageLimits.message)}</pre>`}
      ${
        preview !== '' &&
        html`<h4>Result</h4>
          <pre>${shorten(preview, pageLimits.message)}</pre>`
      }
    </div>
  </details>`;
};

const measures = ({ kind, source, rows, bytes, milliseconds, agent }: Evidence, namesSource: boolean): string =>
  [
    kind === 'sql' ? 'SQL' : 'Python',
    namesSource && source,
    rows !== undefined && formatCountOf(rows, 'row'),
    bytes !== undefined && formatBytes(bytes),
    formatDuration(milliseconds),
    agent,
  ]
    .filter((part) => part !== undefined && part !== false)
    .join(' · ');

const firstLine = (text: string): string => shorten(makeVisibleLine(text.trim().replace(/\s+/g, ' ')), 110);
