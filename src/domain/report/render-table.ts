import type { TableProfile } from '../../contracts/profile.ts';
import type { TableConstraint, TableNote } from '../../contracts/schema.ts';
import { basisMark } from './basis-mark.ts';
import { evidenceLink } from './evidence-link.ts';
import { formatBytes, formatCountOf, formatDuration, formatNumber } from '../format.ts';
import { html, type Html } from './html.ts';
import { renderColumnCard } from './render-column-card.ts';
import { renderColumnsTable } from './render-columns-table.ts';
import { type TableFindingsOnPage, renderTableFindings } from './render-table-findings.ts';
import { showName, showText } from './show-value.ts';

/** How much of one table the page has room for, and what is unfolded from the start. */
export type TableRoom = {
  readonly anchor: string;
  readonly rows: number;
  readonly cards: number;
  readonly open: boolean;
  readonly cards_open: boolean;
  readonly evidence_ids: ReadonlySet<string>;
  /** What the rules found of it; absent where the report does not show it. */
  readonly found?: TableFindingsOnPage;
};

/** One measured table: its facts, its columns at a glance, every figure of each column. */
export const renderTable = (table: TableProfile, room: TableRoom): Html => {
  const { columns, schema } = table;
  const cards = columns.slice(0, room.cards);
  const anchorOf = (index: number) => (index < cards.length ? `${room.anchor}c${index + 1}` : undefined);
  return html`<details class="table" ${room.open && 'open'}>
    <summary>
      <h3>${showName(table.table)}</h3>
      <span>${sizeOf(table)}</span>
    </summary>
    ${schema.comment !== undefined && html`<p class="comment">${showText(schema.comment)}</p>`}
    <ul class="facts" id="${room.anchor}">
      ${factsOf(table, room).map((fact) => html`<li>${fact}</li>`)}
    </ul>
    ${room.found && renderTableFindings(room.found, table.table, room.evidence_ids)}
    ${renderColumnsTable(table, columns.slice(0, room.rows), anchorOf)}
    ${leftOut(columns.length - room.rows, 'The JSON twin of this report lists them all.')}
    ${
      cards.length > 0 &&
      html`<details class="cards" ${room.cards_open && 'open'}>
        <summary>Every figure of ${formatCountOf(cards.length, 'column')}</summary>
        ${cards.map((column, index) => renderColumnCard(table, column, `${room.anchor}c${index + 1}`))}
        ${leftOut(columns.length - cards.length, 'Their figures stand in the JSON twin of this report.')}
      </details>`
    }
  </details>`;
};

const leftOut = (columns: number, where: string): Html =>
  columns > 0 ? html`<p class="left-out">${formatCountOf(columns, 'more column')} left out here. ${where}</p>` : html``;

const sizeOf = (table: TableProfile): Html =>
  html`${basisMark(table.rows.basis)}${formatCountOf(table.rows.count, 'row')},
  ${formatCountOf(table.columns.length, 'column')}${table.schema.bytes !== undefined && `, ${formatBytes(table.schema.bytes)}`}`;

const factsOf = (table: TableProfile, room: TableRoom): readonly Html[] => {
  const { sample, duplicate_rows, schema, statements, milliseconds } = table;
  const known = statements.filter((id) => room.evidence_ids.has(id));
  return [
    ...schema.constraints.slice(0, 30).map(constraintFact),
    ...(sample
      ? [
          html`Figures with ${basisMark('sample')} come from ${formatCountOf(sample.rows, 'row')}, a
          ${showName(sample.method)} sample of ${formatNumber(sample.percent)}%`,
        ]
      : []),
    ...(schema.notes ?? []).map(noteFact),
    ...(duplicate_rows
      ? [
          duplicate_rows.count === 0
            ? html`No row occurs twice${basisMark(duplicate_rows.basis)}`
            : html`<strong>${formatCountOf(duplicate_rows.count, 'row')}</strong> repeat an earlier
                one${basisMark(duplicate_rows.basis)}`,
        ]
      : []),
    html`Measured in ${formatDuration(milliseconds)}${known.length > 0 && html` by ${known.map(evidenceLink)}`}`,
  ];
};

/** What would mislead a reader who did not know it stands out. */
const noteFact = ({ kind, columns = [], detail }: TableNote): Html => {
  const [first] = columns;
  const isNamed = first === undefined || detail.includes(first);
  const text = html`${!isNamed && html`${namesOf(columns)}: `}${showText(detail)}`;
  return kind === 'left_out' || kind === 'aside' || kind === 'assumed' ? html`<strong>${text}</strong>` : text;
};

const constraintFact = ({ kind, columns, references, outside }: TableConstraint): Html => {
  const names = html`${namesOf(columns)}`;
  switch (kind) {
    case 'primary_key':
      return html`Primary key: ${names}`;
    case 'unique':
      return html`Unique: ${names}`;
    case 'foreign_key':
      return references
        ? html`Foreign key: ${names} → ${showName(references.table)} (${namesOf(references.columns)})`
        : html`Foreign key: ${names}${outside === true && ' → a table outside this run'}`;
  }
};

const namesOf = (columns: readonly string[]): Html =>
  html`${columns.map((column, index) => html`<code>${showName(column)}</code>${index < columns.length - 1 && ','}`)}`;
