import type { DigestTable, ProfileDigest } from '../profile-digest.ts';
import { type Html, html, toText } from '../report/html.ts';
import { mainKey, timeColumns } from './column-roles.ts';
import { type Finding, type PersonalData, type Severity, type Survey, countOf, percent } from './finding.ts';

/** The most findings that a report lists; what follows is of the least severity. */
const mostFindings = 120;

/** The text of a catalog: overview, findings by severity, the tables, personal data, checks, what was left out. */
export const writeCatalog = (profile: ProfileDigest, survey: Survey): string => {
  const findings = rank(survey.findings);
  return toText(html`
    <h2>Overview</h2>
    ${overview(profile, findings, survey.personal)}
    <h2>Findings</h2>
    ${findings.length === 0 ? nothingFound(survey) : findingsTable(findings.slice(0, mostFindings))}
    ${findings.length > mostFindings && html`<p class="note">${findings.length - mostFindings} further findings of low severity are left out.</p>`}
    <h2>Tables</h2>
    ${profile.tables.map((table) => aboutTable(table, findings, survey))}
    <h2>Personal data</h2>
    ${personalTable(survey.personal)}
    <h2>Checks to run from now on</h2>
    ${checks(findings)}
    <h2>Not looked at</h2>
    ${
      survey.omitted.length === 0
        ? html`<p>Every check that was planned was run.</p>`
        : html`<ul>
            ${survey.omitted.slice(0, 40).map((text) => html`<li>${text}</li>`)}
          </ul>`
    }
  `);
};

const nothingFound = ({ omitted }: Survey): Html =>
  omitted.length === 0
    ? html`<p class="good">None of the checks found anything wrong.</p>`
    : html`<p>
        None of the checks that were run found anything wrong; some were not, as the end of this report says.
      </p>`;

const order: Readonly<Record<Severity, number>> = { high: 0, medium: 1, low: 2 };
const looks: Readonly<Record<Severity, string>> = { high: 'bad', medium: 'warn', low: 'muted' };

/** The most severe first; among equals, the one that touches the largest share. */
const rank = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted(
    (a, b) =>
      order[a.severity] - order[b.severity] || b.rows / (b.of ?? b.rows) - a.rows / (a.of ?? a.rows) || b.rows - a.rows,
  );

const overview = (profile: ProfileDigest, findings: readonly Finding[], personal: readonly PersonalData[]): Html => {
  const rows = profile.tables.reduce((sum, table) => sum + table.rows.count, 0);
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const largest = profile.tables.toSorted((a, b) => b.rows.count - a.rows.count)[0];
  const gravest = findings.filter(({ severity }) => severity !== 'low').slice(0, 5);
  return html`<p>
      ${countOf(profile.tables.length, 'table')} with
      ${countOf(rows, 'row')}${largest !== undefined && profile.tables.length > 1 && html`, most of them in <strong>${largest.table}</strong> (${countOf(largest.rows.count, 'row')})`}.
      ${countOf(findings.length, 'finding')}: ${count('high')} of high, ${count('medium')} of medium, ${count('low')} of
      low severity. Columns with personal data:
      ${new Set(personal.map(({ table, column }) => `${table}.${column}`)).size}.
    </p>
    ${
      gravest.length > 0 &&
      html`<p>Before using the data, know this:</p>
        <ol>
          ${gravest.map((finding) => html`<li><strong>${finding.title}</strong> (${finding.table}): ${finding.detail}</li>`)}
        </ol>`
    }`;
};

const cite = (ids: readonly string[]): readonly Html[] =>
  [...new Set(ids)].map((id, index) => html`${index > 0 && ' '}<a href="#${id}">${id}</a>`);

const where = ({ table, column }: { readonly table: string; readonly column?: string }): string =>
  column === undefined ? table : `${table}.${column}`;

const findingsTable = (findings: readonly Finding[]): Html =>
  html`<table>
    <thead>
      <tr>
        <th>Severity</th>
        <th>Finding</th>
        <th>Where</th>
        <th>Rows</th>
        <th>What to do</th>
        <th>Evidence</th>
      </tr>
    </thead>
    <tbody>
      ${findings.map(
        (finding) =>
          html`<tr>
            <td class="${looks[finding.severity]}">${finding.severity}</td>
            <td>${finding.title}</td>
            <td><code>${where(finding)}</code></td>
            <td class="num">${finding.rows.toLocaleString('en-US')}</td>
            <td>${finding.advice}</td>
            <td>${cite(finding.evidence)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;

const aboutTable = (table: DigestTable, findings: readonly Finding[], survey: Survey): Html => {
  const own = findings.filter((finding) => finding.table === table.table);
  const facts = survey.facts.filter((fact) => fact.table === table.table);
  const candidate = mainKey(table);
  const key = candidate?.distinct?.count === table.rows.count ? candidate : undefined;
  const time = timeColumns(table)[0];
  const span =
    time?.quantiles === undefined
      ? undefined
      : html` By ${time.name}, 98% of them lie between ${day(time.quantiles.p01)} and ${day(time.quantiles.p99)}.`;
  return html`<h3>${table.table}</h3>
    <p>
      ${countOf(table.rows.count, 'row')} of
      ${countOf(table.columns.length, 'column')}${key !== undefined && html`; ${key.name} tells them apart`}.${span}
      ${cite(table.statements.slice(0, 1))}
    </p>
    ${
      facts.length > 0 &&
      html`<ul>
        ${facts.map((fact) => html`<li>${fact.text} ${cite(fact.evidence)}</li>`)}
      </ul>`
    }
    ${
      own.length > 0 &&
      html`<ul>
        ${own.map((finding) => html`<li><strong class="${looks[finding.severity]}">${finding.title}.</strong> ${finding.detail} ${cite(finding.evidence)}</li>`)}
      </ul>`
    }`;
};

const day = (value: string | number | boolean): string => String(value).slice(0, 10);

const personalTable = (personal: readonly PersonalData[]): Html =>
  personal.length === 0
    ? html`<p>No column looks as if it held personal data.</p>`
    : html`<table>
        <thead>
          <tr>
            <th>Column</th>
            <th>What</th>
            <th>Rows</th>
            <th>Share</th>
            <th>Evidence</th>
          </tr>
        </thead>
        <tbody>
          ${personal.map(
            (hit) =>
              html`<tr>
                <td><code>${where(hit)}</code></td>
                <td>${hit.kind}</td>
                <td class="num">${hit.rows.toLocaleString('en-US')}</td>
                <td class="num">${percent(hit.rows, hit.of)}</td>
                <td>${cite(hit.evidence)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`;

const checks = (findings: readonly Finding[]): Html => {
  const statements = [...new Set(findings.flatMap(({ check }) => check ?? []))].slice(0, 40);
  if (statements.length === 0) return html`<p>No finding calls for one.</p>`;
  return html`<p>Each statement counts rows that should not be there; 0 is good.</p>
    <details>
      <summary>${countOf(statements.length, 'statement')}</summary>
      <pre><code>${statements.map((statement) => `${statement};\n`)}</code></pre>
    </details>`;
};
