import type { ColumnProfile, TableProfile } from '../../contracts/profile.ts';
import { basisMark } from './basis-mark.ts';
import { histogram, shareBar } from './charts.ts';
import { formatCount, formatCountOf, formatDuration, formatMean, formatNumber, formatShare } from '../format.ts';
import { html, type Html, type HtmlValue } from './html.ts';
import { shareOfRows } from './rows-behind.ts';
import { plainValue, showName, showText, showValue } from './show-value.ts';
import { seenShapes } from './text-shapes.ts';

/** All figures of one column, with its histogram and its commonest values. */
export const renderColumnCard = (table: TableProfile, column: ColumnProfile, anchor: string): Html => {
  const comment = table.schema.columns.find(({ name }) => name === column.name)?.comment;
  return html`<section class="card" id="${anchor}">
    <h4>${showName(column.name)} <small>${showName(column.type)}</small></h4>
    ${comment !== undefined && html`<p class="comment">${showText(comment)}</p>`}
    <div class="panes">
      <dl>${figures(table, column)}</dl>
      ${charts(table, column)}
    </div>
  </section>`;
};

/** One figure: nothing where it was not measured. */
const figure = (label: HtmlValue, value: Html | undefined): Html =>
  value
    ? html`<dt>${label}</dt>
        <dd>${value}</dd>`
    : html``;

const figures = (table: TableProfile, column: ColumnProfile): readonly Html[] => {
  const { nulls, undated, distinct, range, moments, signs, quantiles, outliers, lengths, shapes, freshness } = column;
  return [
    figure(
      'Missing',
      html`${formatCount(nulls.count)} of ${formatCountOf(table.rows.count, 'row')}
      (${formatShare(nulls.share)})${basisMark(nulls.basis)}`,
    ),
    figure(
      'No date',
      undated &&
        html`${formatCountOf(undated.count, 'value')}${basisMark(undated.basis)}: infinite, zero, or without a month or
        day; they are in no other figure but the commonest values`,
    ),
    figure(
      'Distinct',
      distinct &&
        html`${basisMark(distinct.basis)}${formatCount(distinct.count)} (${formatShare(distinct.share)} of the values)`,
    ),
    figure(
      'From … to',
      range && html`${showValue(range.min)} <span class="to">…</span> ${showValue(range.max)}${basisMark(range.basis)}`,
    ),
    figure(
      'Mean ± deviation',
      moments && html`${showValue(moments.mean)} ± ${formatNumber(moments.deviation)}${basisMark(moments.basis)}`,
    ),
    figure(html`Quantiles${quantiles && basisMark(quantiles.basis)}`, quantiles && quantileTable(quantiles)),
    figure('Signs', signs && signsOf(signs)),
    figure('Outliers', outliers && outliersOf(outliers)),
    figure('Length', lengths && lengthOf(lengths)),
    figure('Values', shapes && shapesOf(shapes)),
    figure('Newest', freshness && freshnessOf(freshness)),
  ];
};

const quantileTable = (quantiles: NonNullable<ColumnProfile['quantiles']>): Html => {
  const points = [
    ['1%', quantiles.p01],
    ['5%', quantiles.p05],
    ['25%', quantiles.p25],
    ['50%', quantiles.p50],
    ['75%', quantiles.p75],
    ['95%', quantiles.p95],
    ['99%', quantiles.p99],
  ] as const;
  return html`<table class="quantiles" aria-label="Quantiles">
    ${points.map(
      ([share, value]) =>
        html`<tr>
          <th scope="row">${share}</th>
          <td>${showValue(value)}</td>
        </tr>`,
    )}
  </table>`;
};

const signsOf = ({ basis, zero, negative, not_finite }: NonNullable<ColumnProfile['signs']>): Html | undefined => {
  const parts = [
    negative > 0 && `${formatCount(negative)} negative`,
    zero > 0 && `${formatCount(zero)} zero`,
    not_finite > 0 && `${formatCount(not_finite)} not finite`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? html`all positive${basisMark(basis)}` : html`${parts.join(', ')}${basisMark(basis)}`;
};

const outliersOf = (outliers: NonNullable<ColumnProfile['outliers']>): Html => {
  const { basis, below, above, low_fence, high_fence } = outliers;
  const parts = [
    below > 0 && `${formatCount(below)} below ${plainValue(low_fence)}`,
    above > 0 && `${formatCount(above)} above ${plainValue(high_fence)}`,
  ].filter((part) => part !== false);
  return parts.length === 0
    ? html`none beyond ${plainValue(low_fence)} and ${plainValue(high_fence)}${basisMark(basis)}`
    : html`${parts.join(', ')}${basisMark(basis)}`;
};

const lengthOf = ({ basis, min, max, mean }: NonNullable<ColumnProfile['lengths']>): Html =>
  min === max
    ? html`always ${formatCountOf(max, 'character')}${basisMark(basis)}`
    : html`${formatCount(min)} to ${formatCountOf(max, 'character')}, on average ${formatMean(mean)}${basisMark(basis)}`;

const shapesOf = (shapes: NonNullable<ColumnProfile['shapes']>): Html | undefined => {
  const seen = seenShapes(shapes);
  return seen.length === 0
    ? undefined
    : html`${seen.map(({ sentence }) => sentence).join('; ')}${basisMark(shapes.basis)}`;
};

const freshnessOf = ({ basis, newest, age_seconds, in_future }: NonNullable<ColumnProfile['freshness']>): Html => {
  const age = formatDuration(Math.abs(age_seconds) * 1_000);
  return html`${showValue(newest)}, ${age} ${age_seconds < 0 ? 'after' : 'before'} the
  survey${in_future > 0 && html`; <strong>${formatCountOf(in_future, 'value')} in the future</strong>`}${basisMark(basis)}`;
};

const charts = (table: TableProfile, column: ColumnProfile): Html => {
  const bins = column.histogram && column.histogram.bins.length > 1 ? column.histogram : undefined;
  const top = column.top_values && column.top_values.values.length > 0 ? column.top_values : undefined;
  if (!bins && !top) return html``;
  return html`<div class="charts">
    ${bins && html`${histogram(bins, column.name)}${basisMark(bins.basis)}`}${top && topValues(table, top)}
  </div>`;
};

const topValues = (table: TableProfile, { basis, values }: NonNullable<ColumnProfile['top_values']>): Html => {
  const most = values.reduce((highest, { count }) => Math.max(highest, count), 1);
  return html`<table class="top">
    <caption>
      Commonest values${basisMark(basis)}
    </caption>
    <tbody>
      ${values.slice(0, 10).map(
        ({ value, count }) =>
          html`<tr>
            <th scope="row">${showValue(value)}</th>
            <td class="bar-cell">${shareBar(count / most)}</td>
            <td class="num">${formatCount(count)}</td>
            <td class="num">${formatShare(shareOfRows(table, basis, count))}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
};
