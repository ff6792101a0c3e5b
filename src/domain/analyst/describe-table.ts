import type { DigestTable } from '../profile-digest.ts';
import { type Html, html } from '../report/html.ts';
import { hasPrimaryKey, mainKey, timeColumns } from './column-roles.ts';
import { type Severity, type Survey, countOf } from './finding.ts';
import { personalKind } from './personal-kind.ts';
import { rowsOf } from './profile-figures.ts';
import { isView } from './surveyed-tables.ts';

/** How a finding looks, by its severity. */
export const looks: Readonly<Record<Severity, string>> = { high: 'bad', medium: 'warn', low: 'muted' };

/** Links to evidence. */
export const citeEvidence = (ids: readonly string[]): readonly Html[] =>
  [...new Set(ids)].map((id, index) => html`${index > 0 && ' '}<a href="#${id}">${id}</a>`);

/** What a table is and how much of it there is, what was learned about it, and what is wrong with it. */
export const describeTable = (table: DigestTable, survey: Survey): Html => {
  const own = survey.findings.filter((finding) => finding.table === table.table);
  const facts = survey.facts.filter((fact) => fact.table === table.table);
  // The birthdays of employees say nothing of when their rows came to be.
  const time = timeColumns(table).find((column) => personalKind(column) === undefined);
  const span =
    time?.quantiles === undefined
      ? undefined
      : html` By ${time.name}, 98% of them lie between ${day(time.quantiles.p01)} and ${day(time.quantiles.p99)}.`;
  return html`<p>
      ${kindOf(table)}${rowsOf(table.rows)} of
      ${countOf(table.columns.length + (table.columns_left_out ?? 0), 'column')}${keyOf(table)}.${span}
      ${table.comment !== undefined && `The database describes it as “${table.comment}”.`}
      ${isView(table) && 'What is wrong with the tables that it reads is said of them.'}
      ${citeEvidence(table.statements.slice(0, 1))}
    </p>
    ${
      facts.length > 0 &&
      html`<ul>
        ${facts.map((fact) => html`<li>${fact.text} ${citeEvidence(fact.evidence)}</li>`)}
      </ul>`
    }
    ${
      own.length > 0 &&
      html`<ul>
        ${own.map((finding) => html`<li><strong class="${looks[finding.severity]}">${finding.title}.</strong> ${finding.detail} ${citeEvidence(finding.evidence)}</li>`)}
      </ul>`
    }`;
};

const kindOf = ({ kind }: DigestTable): string => {
  switch (kind) {
    case undefined:
      return '';
    case 'view':
      return 'A view: ';
    case 'materialized_view':
      return 'A materialized view: ';
    case 'partitioned_table':
      return 'A partitioned table: ';
    case 'foreign_table':
      return 'A foreign table, kept in another database: ';
  }
};

/** What tells the rows apart: what is declared, else what was measured to. */
const keyOf = (table: DigestTable): string => {
  const declared = table.constraints?.find(({ kind }) => kind === 'primary_key')?.columns ?? [];
  if (hasPrimaryKey(table)) {
    return declared.length === 1
      ? `; ${declared[0]} is the primary key`
      : `; ${declared.slice(0, -1).join(', ')} and ${declared.at(-1)} together are the primary key`;
  }
  const candidate = mainKey(table);
  return candidate?.distinct?.count === table.rows.count ? `; ${candidate.name} tells them apart` : '';
};

/** The day of a time in any engine’s notation: years may have six digits, lie before Christ, or be infinite. */
const day = (value: string | number | boolean): string => {
  const text = String(value);
  const [date = text] = /^[+-]?\d{4,}-\d\d-\d\d/.exec(text) ?? [];
  return /\bBC\b/.test(text) ? `${date} BC` : date;
};
