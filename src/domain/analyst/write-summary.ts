import type { ChangeState } from '../../contracts/finding-change.ts';
import type {
  DatabaseSize,
  DigestFinding,
  DriftDigest,
  FindingChangesDigest,
  FindingsDigest,
} from '../profile-digest.ts';
import { formatCount, formatCountOf, formatMoment } from '../report/format.ts';
import { type Html, html, toText } from '../report/html.ts';
import { describeChange } from './describe-change.ts';
import type { Context } from './read-context.ts';
import { citeEvidence, gapsOf, tallyOf, whereOf } from './say-findings.ts';

/** The text of a summary: the state of the databases, what changed, the top issues, what to do next. */
export const writeSummary = (context: Context): string => {
  const [databases, findings] = [context.databases(), context.findings()];
  const namesSource = databases.length > 1;
  return toText(html`
    <h2>State</h2>
    ${stateOf(databases, findings)}
    <h2>What changed</h2>
    ${driftOf(context.drift(), context.prefix(), namesSource)} ${findingChanges(context.finding_changes(), namesSource)}
    <h2>Top issues</h2>
    ${topIssues(findings, namesSource)}
    <h2>What to do next</h2>
    ${nextSteps(findings, namesSource)}
  `);
};

const stateOf = (databases: readonly DatabaseSize[], findings: FindingsDigest): Html => {
  const known = databases.filter(({ unknown }) => unknown === undefined);
  const sum = (of: 'tables' | 'rows'): number => known.reduce((all, database) => all + database[of], 0);
  return html`${databases.map(({ unknown }) => unknown !== undefined && html`<p class="warn">${unknown}</p>`)}
    <p>
      ${
        known.length > 0
          ? html`${formatCountOf(sum('tables'), 'table')} with
            ${formatCountOf(sum('rows'), 'row')}${databases.length > 1 && ` in ${formatCountOf(known.length, 'database')}`}
            ${sum('tables') === 1 ? 'was' : 'were'} surveyed.`
          : 'Nothing was surveyed.'
      }
      ${known.length > 0 && `The survey came to ${tallyOf(findings.totals)}`}
    </p>
    ${gapsOf(findings)}`;
};

/** The most changes that are listed of what was measured; the page of the catalog lists more. */
const maxChanges = 60;

const driftOf = ({ since, changes, more = 0 }: DriftDigest, prefix: string, namesSource: boolean): Html => {
  if (since === undefined)
    return html`<p>
      This is the first survey under <code>${prefix}</code>, so there is nothing to compare with yet. The next one will
      say what changed.
    </p>`;
  const left = changes.length + more - Math.min(maxChanges, changes.length);
  return html`<p>Compared with the survey of ${formatMoment(since.at)}.</p>
    ${
      changes.length === 0
        ? html`<p>Schema, row counts, missing values, averages and frequent values are as they were.</p>`
        : html`<ul>
            ${changes.slice(0, maxChanges).map((change) => html`<li>${describeChange(change, namesSource)}</li>`)}
          </ul>`
    }
    ${left > 0 && html`<p class="note">${formatCountOf(left, 'further change')} stand in the catalog.</p>`}`;
};

/** What has become of findings, in the words of a reader, in this order. */
const stateTitles = {
  new: 'New',
  grown: 'Grown',
  shrunk: 'Shrunk',
  gone: 'Gone: both surveys looked, and only the one before found it',
  not_looked_at: 'Not looked at this time, so neither gone nor there',
  not_compared: 'Not compared, because no earlier survey looked there',
} as const satisfies Omit<Readonly<Record<ChangeState, string>>, 'unchanged'>;

const findingChanges = ({ since, totals, changes }: FindingChangesDigest, namesSource: boolean): Html | false => {
  if (since === undefined) return false;
  const states = (Object.keys(stateTitles) as (keyof typeof stateTitles)[]).filter((state) => (totals[state] ?? 0) > 0);
  const unchanged = totals.unchanged ?? 0;
  if (states.length === 0)
    return html`<p>
      The findings are those of the survey before${unchanged > 0 && `: ${formatCount(unchanged)}, unchanged`}.
    </p>`;
  return html`<ul>
    ${states.map((state) => {
      const own = changes.filter((change) => change.state === state);
      const left = (totals[state] ?? 0) - own.length;
      return html`<li>
        ${stateTitles[state]} (${formatCount(totals[state] ?? 0)}):
        ${own.map(({ title, place, rows, before }, index) => `${index > 0 ? '; ' : ''}${title} (${whereOf(place, namesSource)}${before !== undefined && before !== rows ? `, ${formatCount(before)} → ${formatCount(rows)} rows` : ''})`).join('')}${left > 0 && ` and ${formatCount(left)} more`}
      </li>`;
    })}
    ${unchanged > 0 && html`<li>Unchanged: ${formatCountOf(unchanged, 'finding')}</li>`}
  </ul>`;
};

/** The findings that matter, most severe first over all databases. */
const severe = ({ findings }: FindingsDigest): readonly DigestFinding[] =>
  findings.filter(({ severity }) => severity !== 'low');

const topIssues = (findings: FindingsDigest, namesSource: boolean): Html => {
  const top = severe(findings).slice(0, 10);
  if (top.length === 0) return html`<p>No finding is of high or medium severity.</p>`;
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
        ({ severity, title, place, rows, evidence }) =>
          html`<tr>
            <td class="${severity === 'high' ? 'bad' : 'warn'}">${severity}</td>
            <td>${title}</td>
            <td><code>${whereOf(place, namesSource)}</code></td>
            <td class="num">${formatCount(rows)}</td>
            <td>${citeEvidence(evidence)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
};

const nextSteps = (findings: FindingsDigest, namesSource: boolean): Html => {
  const schedule = 'Put the checks of the catalog on a schedule, so that the next flaw is seen when it happens.';
  const top = severe(findings).slice(0, 5);
  if (top.length === 0) return html`<p>${schedule}</p>`;
  return html`<ol>
    ${top.map(({ place, advice }) => html`<li><code>${whereOf(place, namesSource)}</code>: ${advice}</li>`)}
    <li>${schedule}</li>
  </ol>`;
};
