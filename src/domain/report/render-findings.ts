import type { Finding, Findings } from '../../contracts/finding.ts';
import { basisMark } from './basis-mark.ts';
import { citeEvidence } from './cite-evidence.ts';
import { formatCount, formatCountOf, formatShare } from '../format.ts';
import { html, type Html } from './html.ts';
import { pageLimits } from './page-limits.ts';
import { isPersonalColumn, severityLooks } from './reported-findings.ts';
import { showPlace } from './show-place.ts';
import { showName, showText, showValue } from './show-value.ts';

/** What the page knows beside the findings. */
export type FindingsContext = { readonly sources: readonly string[]; readonly evidence_ids: ReadonlySet<string> };

/** All findings, the most severe first, of several databases each its own table; the severe ones in full sentences. */
export const renderFindings = (found: Pick<Findings, 'findings' | 'not_looked_at'>, context: FindingsContext): Html => {
  const listed = found.findings.filter((finding) => !isPersonalColumn(finding));
  const shown = listed.slice(0, pageLimits.findings);
  const personal = found.findings.length - listed.length;
  const areSeveral = context.sources.length > 1;
  // Who asked for some tables alone has looked at everything there.
  const gaps = found.not_looked_at.filter(({ reason }) => reason !== 'not_asked');
  return html`<section id="findings">
    <h2>Findings</h2>
    ${
      areSeveral
        ? context.sources.map(
            (source) =>
              html`<h3>${showName(source)}</h3>
                ${ofSource(
                  shown.filter(({ place }) => place.source === source),
                  found.findings.filter(({ place }) => place.source === source),
                  gaps.some((one) => one.source === source),
                  context,
                )}`,
          )
        : ofSource(shown, found.findings, gaps.length > 0, context)
    }
    ${listed.length > shown.length && html`<p class="left-out">${formatCountOf(listed.length - shown.length, 'more finding')} of the least severity left out here. The JSON twin of this report lists them all.</p>`}
    ${personal > 0 && html`<p class="muted">${formatCountOf(personal, 'column')} that ${personal === 1 ? 'holds' : 'hold'} <a href="#personal">personal data</a> ${personal === 1 ? 'stands' : 'stand'} in a section of ${personal === 1 ? 'its' : 'their'} own.</p>`}
  </section>`;
};

const ofSource = (
  findings: readonly Finding[],
  all: readonly Finding[],
  hasGaps: boolean,
  context: FindingsContext,
): Html => {
  if (findings.length === 0)
    return hasGaps
      ? html`<p>No rule found anything wrong where it looked; <a href="#missed">not everything was looked at</a>.</p>`
      : html`<p class="good">No rule found anything wrong.</p>`;
  const severe = findings.filter(({ severity }) => severity === 'high').slice(0, pageLimits.severe_findings);
  return html`${findingsTable(findings, all, context)}
  ${severe.map((finding) => paragraph(finding, context.sources.length > 1))}`;
};

const findingsTable = (
  findings: readonly Finding[],
  all: readonly Finding[],
  { sources, evidence_ids }: FindingsContext,
): Html =>
  html`<div class="scroll" role="region" aria-label="Findings" tabindex="0">
    <table class="findings">
      <caption>
        ${tally(all)}${findings.length < all.length && `; ${formatCount(findings.length)} of them listed here`}
      </caption>
      <thead>
        <tr>
          <th scope="col">Severity</th>
          <th scope="col">Finding</th>
          <th scope="col">Where</th>
          <th scope="col" class="num">Rows</th>
          <th scope="col">Examples</th>
          <th scope="col">What to do</th>
          <th scope="col">Evidence</th>
        </tr>
      </thead>
      <tbody>
        ${findings.map(
          (finding) =>
            html`<tr>
              <td class="${severityLooks[finding.severity]}">${finding.severity}</td>
              <th scope="row">${showText(finding.title)} <small>${showName(finding.rule)}</small></th>
              <td>${showPlace(finding.place, sources.length > 1)}</td>
              <td class="num">${rowsOf(finding)}</td>
              <td>${examplesOf(finding)}</td>
              <td>${showText(finding.advice)}</td>
              <td>${citeEvidence(finding.evidence, evidence_ids)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

const tally = (findings: readonly Finding[]): string => {
  const count = (wanted: Finding['severity']): string =>
    formatCount(findings.filter(({ severity }) => severity === wanted).length);
  return `${formatCountOf(findings.length, 'finding')}: ${count('high')} of high, ${count('medium')} of medium, ${count('low')} of low severity`;
};

/** The rows that are wrong, with the share that they are of those that were looked at. */
export const rowsOf = ({ rows, of, basis }: Pick<Finding, 'rows' | 'of' | 'basis'>): Html =>
  html`${basisMark(basis)}${formatCount(rows)}${
    of !== undefined &&
    of > 0 &&
    html` <br /><small>${formatShare(Math.min(1, rows / of))} of ${formatCount(of)}</small>`
  }`;

const examplesOf = ({ examples }: Finding): Html =>
  examples.length === 0
    ? html`<span class="muted">–</span>`
    : html`${examples.map((example, index) => html`${index > 0 && html`<br />`}<code>${showValue(example)}</code>`)}`;

const paragraph = (finding: Finding, namesSource: boolean): Html =>
  html`${heading(html`${showText(finding.title)} <small>${showPlace(finding.place, namesSource)}</small>`, namesSource)}
    <p class="finding">${showText(finding.detail)} ${showText(finding.advice)}</p>`;

const heading = (title: Html, isBelowSource: boolean): Html =>
  isBelowSource ? html`<h4>${title}</h4>` : html`<h3>${title}</h3>`;
