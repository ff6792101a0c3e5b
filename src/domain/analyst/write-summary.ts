import type { DatabaseSize, DigestFinding, FindingsDigest } from '../profile-digest.ts';
import { formatCount, formatCountOf } from '../format.ts';
import { type Html, html, toText } from '../report/html.ts';
import type { Context } from './read-context.ts';
import { sayDrift, sayFindingChanges } from './say-changes.ts';
import { citeEvidence, gapsOf, tallyOf, whereOf } from './say-findings.ts';

/** The text of a summary: the state of the databases, what changed, the top issues, what to do next. */
export const writeSummary = (context: Context): string => {
  const [databases, findings] = [context.databases(), context.findings()];
  const namesSource = databases.length > 1;
  return toText(html`
    <h2>State</h2>
    ${stateOf(databases, findings)}
    <h2>What changed</h2>
    ${sayDrift(context.drift(), context.prefix(), namesSource)}
    ${sayFindingChanges(context.finding_changes(), namesSource)}
    <h2>Top issues</h2>
    ${topIssues(findings, namesSource)}
    <h2>What to do next</h2>
    ${nextSteps(findings, namesSource)}
  `);
};

const stateOf = (databases: readonly DatabaseSize[], findings: FindingsDigest): Html => {
  const known = databases.filter(({ unknown }) => unknown === undefined);
  const sum = (of: 'tables' | 'views' | 'rows'): number => known.reduce((all, database) => all + database[of], 0);
  return html`${databases.map(({ unknown }) => unknown !== undefined && html`<p class="warn">${unknown}</p>`)}
    <p>
      ${
        known.length > 0
          ? html`${formatCountOf(sum('tables'), 'table')}${sum('views') > 0 && ` and ${formatCountOf(sum('views'), 'view')}`}
            with
            ${formatCountOf(sum('rows'), 'row')}${databases.length > 1 && ` in ${formatCountOf(known.length, 'database')}`}
            ${sum('tables') + sum('views') === 1 ? 'was' : 'were'} surveyed.`
          : 'Nothing was surveyed.'
      }
      ${known.length > 0 && `The survey came to ${tallyOf(findings.totals)}`}
    </p>
    ${gapsOf(findings)}`;
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
        ({ severity, title, place, rows, basis, evidence }) =>
          html`<tr>
            <td class="${severity === 'high' ? 'bad' : 'warn'}">${severity}</td>
            <td>${title}</td>
            <td><code>${whereOf(place, namesSource)}</code></td>
            <td class="num">${basis !== 'exact' && '≈'}${formatCount(rows)}</td>
            <td>${citeEvidence(evidence)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
};

const nextSteps = (findings: FindingsDigest, namesSource: boolean): Html => {
  const schedule =
    'Have this survey repeated on a schedule (`surveyor schedules add`, or POST /schedules), so that the next flaw is seen when it happens.';
  const top = severe(findings).slice(0, 5);
  if (top.length === 0) return html`<p>${schedule}</p>`;
  return html`<ol>
    ${top.map(({ title, place, advice }) => html`<li>${title} (<code>${whereOf(place, namesSource)}</code>): ${advice}</li>`)}
    <li>${schedule}</li>
  </ol>`;
};
