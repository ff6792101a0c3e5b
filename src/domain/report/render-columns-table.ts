import type { ColumnProfile, TableProfile } from '../../contracts/profile.ts';
import { basisMark } from './basis-mark.ts';
import { shareBar, shareStrip, sparkline } from './charts.ts';
import { formatCount, formatMean, formatShare } from '../format.ts';
import { html, type Html } from './html.ts';
import { shareOfRows } from './rows-behind.ts';
import { plainValue, showName, showValue } from './show-value.ts';
import { seenShapes } from './text-shapes.ts';

/** The columns of one table at a glance, one row each. `anchorOf` gives the card of a column where there is one. */
export const renderColumnsTable = (
  table: TableProfile,
  columns: readonly ColumnProfile[],
  anchorOf: (index: number) => string | undefined,
): Html =>
  html`<div class="scroll" role="region" aria-label="Columns of ${plainValue(table.table)}" tabindex="0">
    <table class="columns">
      <caption>
        Columns of ${showName(table.table)}
      </caption>
      <thead>
        <tr>
          <th scope="col">Column</th>
          <th scope="col">Missing</th>
          <th scope="col" class="num">Distinct</th>
          <th scope="col">Typical</th>
          <th scope="col">From … to</th>
          <th scope="col">Distribution</th>
        </tr>
      </thead>
      <tbody>
        ${columns.map((column, index) => columnRow(table, column, anchorOf(index)))}
      </tbody>
    </table>
  </div>`;

const columnRow = (table: TableProfile, column: ColumnProfile, anchor: string | undefined): Html =>
  html`<tr>
    <th scope="row">
      ${anchor === undefined ? showName(column.name) : html`<a href="#${anchor}">${showName(column.name)}</a>`}
      <small>${showName(column.type)}${keyNote(table, column.name)}</small>
    </th>
    <td class="share">
      ${shareBar(column.nulls.share)} ${formatShare(column.nulls.share)}${basisMark(column.nulls.basis)}
    </td>
    <td class="num">
      ${column.distinct && html`${basisMark(column.distinct.basis)}${formatCount(column.distinct.count)}`}
    </td>
    <td>${typical(table, column)}</td>
    <td>
      ${
        column.range &&
        html`${showValue(column.range.min)}
          <span class="to">…</span> ${showValue(column.range.max)}${basisMark(column.range.basis)}`
      }
    </td>
    <td>${distribution(table, column)}</td>
  </tr>`;

const keyNote = (table: TableProfile, column: string): Html => {
  const notes = table.schema.constraints
    .filter((constraint) => constraint.columns.includes(column))
    .map((constraint) => {
      switch (constraint.kind) {
        case 'primary_key':
          return html` · primary key`;
        case 'unique':
          return html` · unique`;
        case 'foreign_key':
          if (constraint.outside === true) return html` → a table outside this run`;
          return constraint.references ? html` → ${showName(constraint.references.table)}` : html` · foreign key`;
      }
    });
  return html`${notes}`;
};

/** The one fact that tells most: what most text looks like, else its commonest value; the median; the newest time. */
const typical = (table: TableProfile, column: ColumnProfile): Html => {
  const shape = column.shapes && seenShapes(column.shapes).find(({ share }) => share >= 0.5);
  const top = column.top_values?.values[0];
  if (shape && column.shapes) return html`${shape.sentence}${basisMark(column.shapes.basis)}`;
  if (column.kind === 'number' && column.quantiles) {
    return html`median ${showValue(column.quantiles.p50)}${basisMark(column.quantiles.basis)}`;
  }
  if (column.kind === 'number' && column.moments) {
    return html`mean ${showValue(column.moments.mean)}${basisMark(column.moments.basis)}`;
  }
  if (column.freshness) return html`newest ${showValue(column.freshness.newest)}${basisMark(column.freshness.basis)}`;
  if (top && column.top_values && top.count > 1) {
    const share = shareOfRows(table, column.top_values.basis, top.count);
    return html`${showValue(top.value)}, ${formatShare(share)}${basisMark(column.top_values.basis)}`;
  }
  if (column.lengths) {
    return html`${formatMean(column.lengths.mean)} characters${basisMark(column.lengths.basis)}`;
  }
  return html``;
};

const distribution = (table: TableProfile, { histogram, top_values }: ColumnProfile): Html => {
  if (histogram && histogram.bins.length > 1) return html`${sparkline(histogram.bins)}${basisMark(histogram.basis)}`;
  if (!top_values) return html``;
  const shares = top_values.values.slice(0, 8).map(({ count }) => shareOfRows(table, top_values.basis, count));
  // Below a twentieth of the rows the commonest values say nothing, as with names and addresses.
  if (shares.reduce((sum, share) => sum + share, 0) < 0.05) return html``;
  return html`${shareStrip(shares)}${basisMark(top_values.basis)}`;
};
