import type { DriftChange } from '../../contracts/drift.ts';
import { type Html, html, toText } from '../report/html.ts';
import { countOf } from './finding.ts';
import type { Task } from './read-context.ts';
import type { ListedFinding, ReadReport } from './read-report.ts';

type SummaryTask = Extract<Task, { readonly kind: 'summary' }>;

/** The text of a summary: the state of the database, what changed, the top issues, what to do next. */
export const writeSummary = (
  task: SummaryTask,
  reports: readonly ReadReport[],
  evidence: string | undefined,
): string => {
  const now = ofRun(reports, 'this-run');
  const before = ofRun(reports, 'previous-run');
  return toText(html`
    <h2>State</h2>
    ${state(now, evidence)}
    <h2>What changed</h2>
    ${changes(task, now, before)}
    <h2>Top issues</h2>
    ${topIssues(now)}
    <h2>What to do next</h2>
    ${nextSteps(now)}
  `);
};

type RunView = {
  readonly findings: readonly ListedFinding[];
  readonly databases: ReadReport['databases'];
  readonly at: string | undefined;
};

const ofRun = (reports: readonly ReadReport[], run: string): RunView => {
  const own = reports.filter(({ file }) => file.startsWith(run));
  return {
    findings: own.flatMap(({ findings }) => findings),
    // Every report of a run holds the same profile.
    databases: own[0]?.databases ?? [],
    at: own[0]?.created_at,
  };
};

const has = (finding: ListedFinding, severity: string): boolean => finding['severity']?.toLowerCase() === severity;

const state = (now: RunView, evidence: string | undefined): Html => {
  const known = now.databases.filter(({ unknown }) => unknown === '');
  const unknown = now.databases.filter((database) => database.unknown !== '');
  const sum = (of: 'tables' | 'rows'): number => known.reduce((all, database) => all + database[of], 0);
  const counts = ['high', 'medium', 'low']
    .map((severity) => `${now.findings.filter((finding) => has(finding, severity)).length} of ${severity}`)
    .join(', ');
  if (now.at === undefined)
    return html`<p class="warn">
      The cataloging report could not be read, so this summary rests on the measured drift alone.
    </p>`;
  return html`${unknown.map((database) => html`<p class="warn">${database.unknown}</p>`)}
    <p>
      ${
        known.length > 0 || unknown.length === 0
          ? html`${countOf(sum('tables'), 'table')} with
            ${countOf(sum('rows'), 'row')}${now.databases.length > 1 && ` in ${countOf(known.length, 'database')}`} were
            surveyed.`
          : 'Nothing was surveyed.'
      }
      The catalog lists ${countOf(now.findings.length, 'finding')}: ${counts} severity.
      ${evidence !== undefined && html`<a href="#${evidence}">${evidence}</a>`}
    </p>`;
};

const changes = (task: SummaryTask, now: RunView, before: RunView): Html => {
  const { since, changes: measured } = task.drift;
  if (since === undefined) {
    return html`<p>
      This is the first survey under <code>${task.prefix}</code>, so there is nothing to compare with yet. The next one
      will say what changed.
    </p>`;
  }
  const { gone, added, grown } = compare(now.findings, before.findings);
  return html`<p>Compared with the survey of ${since.at.slice(0, 16).replace('T', ' ')} UTC.</p>
    ${
      measured.length === 0
        ? html`<p>Schema, row counts, missing values, averages and frequent values are as they were.</p>`
        : html`<ul>
            ${measured.slice(0, 60).map((change) => html`<li>${describe(change, now.databases.length > 1)}</li>`)}
          </ul>`
    }
    ${measured.length > 60 && html`<p class="note">${measured.length - 60} further changes stand in the catalog.</p>`}
    ${
      before.at === undefined
        ? html`<p class="note">The reports of that survey are no longer there, so findings cannot be compared.</p>`
        : html`<ul>
            <li>New findings: ${list(added)}</li>
            <li>No longer found: ${list(gone)}</li>
            <li>
              Found with another number of rows:
              ${grown.length === 0 ? 'none' : grown.map(({ finding, was }) => `${finding['finding'] ?? ''} (${was} → ${finding['rows'] ?? ''})`).join('; ')}
            </li>
          </ul>`
    }`;
};

const list = (findings: readonly ListedFinding[]): string =>
  findings.length === 0
    ? 'none'
    : findings
        .slice(0, 20)
        .map((finding) => `${finding['finding'] ?? ''} (${finding['where'] ?? ''})`)
        .join('; ');

const keyOf = (finding: ListedFinding): string =>
  `${finding['where'] ?? ''} ${(finding['finding'] ?? '').replace(/\d+/g, '#')}`;

const compare = (now: readonly ListedFinding[], before: readonly ListedFinding[]) => {
  const [new_, old] = [now, before].map((findings) => new Map(findings.map((finding) => [keyOf(finding), finding])));
  const known = (
    findings: ReadonlyMap<string, ListedFinding> | undefined,
    finding: ListedFinding,
  ): ListedFinding | undefined => findings?.get(keyOf(finding));
  return {
    added: now.filter((finding) => known(old, finding) === undefined),
    gone: before.filter((finding) => known(new_, finding) === undefined),
    grown: now.flatMap((finding) => {
      const was = known(old, finding)?.['rows'];
      return was === undefined || was === finding['rows'] ? [] : [{ finding, was }];
    }),
  };
};

const describe = (change: DriftChange, hasSeveral: boolean): string => {
  const table = hasSeveral ? `${change.source}: ${change.table}` : change.table;
  const where = change.column === undefined ? table : `${table}.${change.column}`;
  const step = `${change.before ?? '–'} → ${change.after ?? '–'}`;
  switch (change.kind) {
    case 'table_added':
      return `The table ${where} is new.`;
    case 'table_removed':
      return `The table ${where} is gone.`;
    case 'column_added':
      return `The column ${where} is new.`;
    case 'column_removed':
      return `The column ${where} is gone.`;
    case 'type_changed':
      return `The type of ${where} changed: ${step}.`;
    case 'rows_changed':
      return `The rows of ${where} changed: ${step}.`;
    case 'nulls_changed':
      return `The share of missing values of ${where} changed: ${step}.`;
    case 'mean_shifted':
      return `The average of ${where} moved: ${step}.`;
    case 'values_new':
      return `New frequent values of ${where}: ${change.after ?? '–'}.`;
  }
};

/** The findings that matter, most severe first over all databases, each severity in the order of the catalog. */
const mostSevere = ({ findings }: RunView): readonly ListedFinding[] =>
  findings
    .filter((finding) => !has(finding, 'low'))
    .toSorted((a, b) => Number(has(b, 'high')) - Number(has(a, 'high')));

const topIssues = (now: RunView): Html => {
  const top = mostSevere(now).slice(0, 10);
  if (top.length === 0) return html`<p>The catalog lists no finding of high or medium severity.</p>`;
  return html`<table>
    <thead>
      <tr>
        <th>Severity</th>
        <th>Finding</th>
        <th>Where</th>
        <th>Rows</th>
        <th>Evidence</th>
      </tr>
    </thead>
    <tbody>
      ${top.map(
        (finding) =>
          html`<tr>
            <td class="${has(finding, 'high') ? 'bad' : 'warn'}">${finding['severity']}</td>
            <td>${finding['finding']}</td>
            <td><code>${finding['where']}</code></td>
            <td class="num">${finding['rows']}</td>
            <td>
              ${(finding['evidence'] ?? '')
                .split(' ')
                .filter((id) => /^e[0-9a-f]{6,64}$/.test(id))
                .map((id) => html`<a href="#${id}">${id}</a> `)}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
};

const nextSteps = (now: RunView): Html => {
  const top = mostSevere(now).slice(0, 5);
  if (top.length === 0)
    return html`<p>Put the checks of the catalog on a schedule, so that the next flaw is seen when it happens.</p>`;
  return html`<ol>
    ${top.map((finding) => html`<li><code>${finding['where']}</code>: ${finding['what to do'] ?? finding['finding']}</li>`)}
    <li>Put the checks of the catalog on a schedule, so that the next flaw is seen when it happens.</li>
  </ol>`;
};
