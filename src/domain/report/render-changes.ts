import type { DriftChange } from '../../contracts/drift.ts';
import type { Report } from '../../contracts/report.ts';
import { formatCountOf, formatMoment } from './format.ts';
import { html, type Html } from './html.ts';
import { pageLimits } from './page-limits.ts';
import { showName, showValue } from './show-value.ts';

const words = {
  table_added: 'table is new',
  table_removed: 'table is gone',
  column_added: 'column is new',
  column_removed: 'column is gone',
  type_changed: 'type changed',
  rows_changed: 'number of rows changed',
  nulls_changed: 'share of missing values changed',
  mean_shifted: 'mean shifted',
  values_new: 'new values',
} as const satisfies Record<DriftChange['kind'], string>;

/** What is different from the last run, or that there was none. */
export const renderChanges = ({ drift: { since, changes }, sources }: Report): Html =>
  html`<section id="changes">
    <h2>What changed</h2>
    ${
      since === undefined
        ? html`<p>This is the first survey in this place. The next one will be compared with it.</p>`
        : html`<p>
              ${changes.length === 0 ? 'Nothing changed' : formatCountOf(changes.length, 'difference')} since
              <time datetime="${since.at}">${formatMoment(since.at)}</time>
              <span class="muted">(run ${showName(since.run_id)})</span>.
            </p>
            ${changes.length > 0 && changesTable(changes, sources.length > 1)}`
    }
  </section>`;

const changesTable = (changes: readonly DriftChange[], namesSource: boolean): Html => {
  const left = changes.length - pageLimits.changes;
  return html`<div class="scroll" role="region" aria-label="Differences from the last run" tabindex="0">
      <table>
        <caption>
          Differences from the last run
        </caption>
        <thead>
          <tr>
            <th scope="col">Where</th>
            <th scope="col">What</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          ${changes.slice(0, pageLimits.changes).map((change) => changeRow(change, namesSource))}
        </tbody>
      </table>
    </div>
    ${left > 0 && html`<p class="left-out">${formatCountOf(left, 'more difference')} left out here. The JSON twin of this report lists them all.</p>`}`;
};

const changeRow = ({ kind, source, table, column, before, after }: DriftChange, namesSource: boolean): Html =>
  html`<tr>
    <th scope="row">
      ${namesSource && html`${showName(source)}: `}${showName(table)}${column !== undefined && html`.${showName(column)}`}
    </th>
    <td>${words[kind]}</td>
    <td>${before === undefined ? '–' : showValue(before)}</td>
    <td>${after === undefined ? '–' : showValue(after)}</td>
  </tr>`;
