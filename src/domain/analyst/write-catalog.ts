import type { DigestDatabase } from '../profile-digest.ts';
import { type Html, html, toText } from '../report/html.ts';
import { citeEvidence, describeTable, looks } from './describe-table.ts';
import { type Finding, type PersonalData, type Severity, type Survey, countOf, percent } from './finding.ts';
import { rowsOf } from './profile-figures.ts';
import { coverage, isView, totalsOf, whyUnknown } from './surveyed-tables.ts';

/** A database and what was learned about it. */
export type SurveyedDatabase = { readonly database: DigestDatabase; readonly survey: Survey };

/** The most findings that a report lists of a database; what follows is of the least severity. */
const mostFindings = 120;

/**
 * The text of a catalog: overview, findings by severity, the tables, personal data, checks, what was left out. Of several
 * databases each has its own section. `omitted` is what was left out of all of them.
 */
export const writeCatalog = (surveyed: readonly SurveyedDatabase[], omitted: readonly string[]): string => {
  const [only, ...others] = surveyed.map(({ database, survey }) => ({
    database,
    survey: { ...survey, findings: rank(survey.findings) },
  }));
  if (only === undefined) return toText(html`<p>The run has no database.</p>`);
  if (others.length === 0) {
    const { database, survey } = only;
    const unknown = whyUnknown(database);
    if (unknown !== undefined)
      return toText(
        html`<h2>Overview</h2>
          <p class="warn">${unknown}</p>`,
      );
    return toText(html`
      <h2>Overview</h2>
      <p>${sizes(database)} ${tally(survey)}</p>
      ${gravest(survey.findings.map((finding) => ({ finding, where: finding.table })))}
      ${sections(database, { ...survey, omitted: [...omitted, ...survey.omitted] }, (title) => html`<h2>${title}</h2>`, undefined)}
    `);
  }
  const all = [only, ...others];
  return toText(html`
    <h2>Overview</h2>
    <p>${countOf(all.length, 'database')}:</p>
    <ul>
      ${all.map(({ database, survey }) =>
        whyUnknown(database) === undefined
          ? html`<li><strong>${database.source}</strong>: ${sizes(database)} ${tally(survey)}</li>`
          : html`<li>
              <strong>${database.source}</strong>
              ${database.failure === undefined ? 'could not be measured' : 'could not be opened'}.
            </li>`,
      )}
    </ul>
    ${gravest(
      all
        .flatMap(({ database, survey }) =>
          survey.findings.map((finding) => ({ finding, where: `${database.source}: ${finding.table}` })),
        )
        .toSorted((a, b) => bySeverity(a.finding, b.finding)),
    )}
    ${all.map(({ database, survey }) => {
      const unknown = whyUnknown(database);
      return html`<h2>${database.source}</h2>
        ${unknown === undefined ? sections(database, survey, (title) => html`<h3>${title}</h3>`, database.source) : html`<p class="warn">${unknown}</p>`}`;
    })}
    ${
      omitted.length > 0 &&
      html`<h2>Not looked at in any of them</h2>
        ${listOf(omitted)}`
    }
  `);
};

/** What is said of one database, each part under a heading. `source` is named where the run has several. */
const sections = (
  database: DigestDatabase,
  survey: Survey,
  heading: (title: string) => Html,
  source: string | undefined,
): Html => {
  const { findings, personal, omitted } = survey;
  const isBelow = source !== undefined;
  return html`
    ${heading('Findings')}
    ${findings.length === 0 ? nothingFound(database, survey) : findingsTable(findings.slice(0, mostFindings), source)}
    ${findings.length > mostFindings && html`<p class="note">${findings.length - mostFindings} further findings of low severity are left out.</p>`}
    ${heading('Tables')}
    ${database.tables.map((table) => html`${isBelow ? html`<h4>${table.table}</h4>` : html`<h3>${table.table}</h3>`}${describeTable(table, survey)}`)}
    ${heading('Personal data')} ${personalTable(personal, source)} ${heading('Checks to run from now on')}
    ${checks(findings)} ${heading('Not looked at')}
    ${omitted.length === 0 ? html`<p>Every check that was planned was run.</p>` : listOf(omitted)}
  `;
};

const listOf = (texts: readonly string[]): Html =>
  html`<ul>
    ${texts.slice(0, 40).map((text) => html`<li>${text}</li>`)}
    ${texts.length > 40 && html`<li>${texts.length - 40} more of the same kind.</li>`}
  </ul>`;

const nothingFound = (database: DigestDatabase, { omitted }: Survey): Html => {
  const { looked, all } = coverage(database);
  if (looked === 0 && all > 0)
    return html`<p>No check looked at these tables, so nothing is known to be wrong or right with them.</p>`;
  if (looked < all)
    return html`<p>
      None of the checks found anything wrong with the ${looked.toLocaleString('en-US')} of
      ${all.toLocaleString('en-US')} tables and views that they looked at; of the others nothing is known.
    </p>`;
  return omitted.length === 0
    ? html`<p class="good">None of the checks found anything wrong.</p>`
    : html`<p>
        None of the checks that were run found anything wrong; some were not, as the end of this report says.
      </p>`;
};

const order: Readonly<Record<Severity, number>> = { high: 0, medium: 1, low: 2 };

/** The most severe first; among equals, the one that touches the largest share. */
const rank = (findings: readonly Finding[]): readonly Finding[] => findings.toSorted(bySeverity);

const bySeverity = (a: Finding, b: Finding): number =>
  order[a.severity] - order[b.severity] || b.rows / (b.of ?? b.rows) - a.rows / (a.of ?? a.rows) || b.rows - a.rows;

/** How much a database holds: `3 tables and 1 view with 13,526 rows, most of them in orders (10,700 rows).` */
const sizes = (database: DigestDatabase): Html => {
  const own = database.tables.filter((table) => !isView(table));
  const { tables, views, rows } = totalsOf(database);
  const basis = own.some((table) => table.rows.basis !== undefined) ? ('approximate' as const) : undefined;
  const largest = own.toSorted((a, b) => b.rows.count - a.rows.count)[0];
  // “Most” is more than half, which of 300 tables alike none holds.
  const isLargest = largest !== undefined && tables > 1 && 2 * largest.rows.count > rows;
  const { looked, all } = coverage(database);
  return html`${countOf(tables, 'table')}${views > 0 && ` and ${countOf(views, 'view')}`} with
  ${rowsOf({ count: rows, basis })}${isLargest && html`, most of them in <strong>${largest.table}</strong> (${rowsOf(largest.rows)})`}.${looked < all && ` The checks looked at ${looked.toLocaleString('en-US')} of these ${all.toLocaleString('en-US')}.`}`;
};

const tally = ({ findings, personal }: Survey): Html => {
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  return html`${countOf(findings.length, 'finding')}: ${count('high')} of high, ${count('medium')} of medium,
  ${count('low')} of low severity. Columns with personal data:
  ${new Set(personal.map(({ table, column }) => `${table}.${column}`)).size}.`;
};

const gravest = (findings: readonly { readonly finding: Finding; readonly where: string }[]): Html | false => {
  const first = findings.filter(({ finding }) => finding.severity !== 'low').slice(0, 5);
  return (
    first.length > 0 &&
    html`<p>Before using the data, know this:</p>
      <ol>
        ${first.map(({ finding, where }) => html`<li><strong>${finding.title}</strong> (${where}): ${finding.detail}</li>`)}
      </ol>`
  );
};

const where = (
  { table, column }: { readonly table: string; readonly column?: string },
  source: string | undefined,
): string => `${source === undefined ? '' : `${source}: `}${table}${column === undefined ? '' : `.${column}`}`;

const findingsTable = (findings: readonly Finding[], source: string | undefined): Html =>
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
            <td><code>${where(finding, source)}</code></td>
            <td class="num">${finding.rows.toLocaleString('en-US')}</td>
            <td>${finding.advice}</td>
            <td>${citeEvidence(finding.evidence)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;

const personalTable = (personal: readonly PersonalData[], source: string | undefined): Html =>
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
                <td><code>${where(hit, source)}</code></td>
                <td>${hit.kind}</td>
                <td class="num">${hit.rows.toLocaleString('en-US')}</td>
                <td class="num">${percent(hit.rows, hit.of)}</td>
                <td>${citeEvidence(hit.evidence)}</td>
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
