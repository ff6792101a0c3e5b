import { failures, isFailureKind } from '../../contracts/failure.ts';
import type { FailureReport } from '../../contracts/failure-report.ts';
import type { Report } from '../../contracts/report.ts';
import type { RunSource } from '../../contracts/run.ts';
import { formatCount, formatMoment } from '../format.ts';
import { html, type Html } from './html.ts';
import { rowsOnce } from '../rows-once.ts';
import { isView } from '../is-view.ts';
import { readerText } from '../reader-advice.ts';
import { showName, showText } from './show-value.ts';

/** The head of the page: what was surveyed, when, how the agent ended, who wrote the text. */
export const renderHeader = (report: Report): Html =>
  html`<header>
    <p class="kicker">Surveyor · ${showName(report.agent)} report</p>
    <h1>${showName(report.title)}</h1>
    <p class="source">
      ${report.sources.map((source, index) => html`${index > 0 && html`<br />`}${sourceName(source)}`)}<br />
      Surveyed on <time datetime="${report.run_started_at}">${formatMoment(report.run_started_at)}</time>
    </p>
    <p class="status">${statusLine(report)}</p>
    ${totals(report)}
  </header>`;

const sourceName = ({ label, engine }: RunSource): Html =>
  html`${showName(label)} <span class="muted">(${showName(engine)})</span>`;

const statusLine = (report: Report): Html => {
  const { session, analyst, rules, missed: parts = [] } = report;
  const listed =
    rules === undefined ? 'The catalog lists them by name. ' : html`<a href="#missed">Which, and why</a>. `;
  const missing = html`${parts.map((part) => html`<strong>${part}.</strong> `)}${parts.length > 0 && listed}`;
  const author =
    analyst === 'model'
      ? html`The text was written by the model <b>${showName(session.model)}</b>; the figures were measured by Surveyor.`
      : html`The text was computed from the figures by the <b>deterministic analyst</b>; no model was used.`;
  switch (session.status) {
    case 'succeeded':
      return parts.length === 0
        ? html`<span class="sign good">Complete</span> ${author}`
        : html`<span class="sign warn">Incomplete</span> ${missing}${author}`;
    case 'running':
      return html`<span class="sign muted">In progress</span> ${missing}${author}`;
    case 'budget_exceeded':
      return html`<span class="sign warn">Cut short</span> The budget was used up before the agent had finished.
        ${missing}${author}`;
    case 'failed':
      return html`<span class="sign bad">Failed</span> ${session.failure && failureText(session.failure)}
        ${missing}${author}`;
  }
};

/** A failure in words: the table’s title, then its own message and what can be done. */
export const failureText = (failure: FailureReport): Html => {
  const { kind, where } = failure;
  const title = isFailureKind(kind) ? failures[kind].title : kind;
  return html`<b>${showName(title)}</b>${where !== undefined && html` (${showName(where)})`}:
    ${showText(readerText(failure))}`;
};

const totals = ({ profile, findings, evidence }: Report): Html => {
  const tables = profile?.databases.flatMap((database) => database.tables);
  const views = tables?.filter(isView);
  // A view holds rows of other tables: counted again, the sum would be of nothing.
  const rows = profile?.databases
    .flatMap((database) => rowsOnce(database.tables))
    .reduce((sum, table) => sum + table.rows.count, 0);
  const columns = tables?.reduce((sum, table) => sum + table.columns.length, 0);
  const statements = new Set(evidence.map(({ evidence_id }) => evidence_id)).size;
  return html`<dl class="totals">
    ${total('Tables', tables && views && tables.length - views.length)}
    ${total('Views', views?.length === 0 ? undefined : views?.length)} ${total('Rows', rows)}
    ${total('Columns', columns)} ${total('Findings', findings?.length)} ${total('Pieces of evidence', statements)}
  </dl>`;
};

const total = (label: string, count: number | undefined): Html =>
  count === undefined
    ? html``
    : html`<div>
        <dt>${label}</dt>
        <dd>${formatCount(count)}</dd>
      </div>`;
