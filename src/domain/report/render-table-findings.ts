import type { Finding, Findings, Relationship, TableKey } from '../../contracts/finding.ts';
import { citeEvidence } from './cite-evidence.ts';
import { formatCount, formatShare } from '../format.ts';
import { html, type Html } from './html.ts';
import { severityLooks } from './reported-findings.ts';
import { showList } from './show-list.ts';
import { showName, showText } from './show-value.ts';

/** What was found of one table: its keys, what it points at and what points at it, what was learned, what is wrong. */
export type TableFindingsOnPage = Pick<Findings, 'findings' | 'relationships' | 'keys' | 'facts'>;

/** The parts of a run’s findings that are about one table. */
export const findingsOfTable = (found: Findings, source: string, table: string): TableFindingsOnPage => ({
  findings: found.findings.filter(({ place }) => place.source === source && place.table === table),
  relationships: found.relationships.filter(
    (one) => one.source === source && (one.from.table === table || one.to.table === table),
  ),
  keys: found.keys.filter((key) => key.source === source && key.table === table),
  facts: found.facts.filter((fact) => fact.source === source && fact.table === table),
});

/** The most lines about one table; a table that all others point at has hundreds of relationships. */
const maxLines = 60;

/** What was found of one table, a line each. */
export const renderTableFindings = (
  { findings, relationships, keys, facts }: TableFindingsOnPage,
  table: string,
  evidenceIds: ReadonlySet<string>,
): Html => {
  const lines = [
    ...findings.map((finding) => findingLine(finding, evidenceIds)),
    ...keys.filter(({ basis }) => basis === 'measured').map((key) => keyLine(key, evidenceIds)),
    ...relationships
      .filter(({ from, basis, rows }) => from.table !== table || basis === 'inferred' || rows !== undefined)
      .map((one) => relationshipLine(one, table, evidenceIds)),
    ...facts.map(({ text, evidence }) => html`<li>${showText(text)} ${citeEvidence(evidence, evidenceIds)}</li>`),
  ];
  if (lines.length === 0) return html``;
  return html`<ul class="found">
    ${lines.slice(0, maxLines)}
    ${lines.length > maxLines && html`<li class="muted">${formatCount(lines.length - maxLines)} more stand in the JSON twin of this report.</li>`}
  </ul>`;
};

const findingLine = ({ severity, title, detail, evidence }: Finding, evidenceIds: ReadonlySet<string>): Html =>
  html`<li>
    <strong class="${severityLooks[severity]}">${showText(title)}.</strong> ${showText(detail)}
    ${citeEvidence(evidence, evidenceIds)}
  </li>`;

const keyLine = ({ columns, evidence }: TableKey, evidenceIds: ReadonlySet<string>): Html =>
  html`<li>
    Key, as measured: ${namesOf(columns)} ${columns.length === 1 ? 'tells' : 'together tell'} its rows apart.
    ${citeEvidence(evidence, evidenceIds)}
  </li>`;

const relationshipLine = (
  { from, to, basis, rows, orphans, evidence }: Relationship,
  table: string,
  evidenceIds: ReadonlySet<string>,
): Html => {
  const other = (end: typeof from): Html => html`<b>${showName(end.table)}</b> (${namesOf(end.columns)})`;
  const ends =
    from.table === table
      ? html`${namesOf(from.columns)} points at ${other(to)}`
      : html`${other(from)} points at ${namesOf(to.columns)}`;
  return html`<li>
    ${ends}${basis === 'inferred' && ', as measured; no foreign key is declared'}${
      rows !== undefined &&
      html`: ${formatCount(rows)}
      rows${orphans !== undefined && rows > 0 && `, ${orphans === 0 ? 'none' : `${formatCount(orphans)} (${formatShare(orphans / rows)})`} of them at nothing`}`
    }.
    ${citeEvidence(evidence, evidenceIds)}
  </li>`;
};

const namesOf = (columns: readonly string[]): Html =>
  showList(columns.map((column) => html`<code>${showName(column)}</code>`));
