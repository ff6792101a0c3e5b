import type { DriftChange, NotCompared } from '../../contracts/drift.ts';
import type { Report } from '../../contracts/report.ts';
import { formatCountOf, formatMoment } from '../format.ts';
import { html, type Html } from './html.ts';
import { pageLimits } from './page-limits.ts';
import { renderFindingChanges } from './render-finding-changes.ts';
import { showName, showText, showValue } from './show-value.ts';

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

/** What is different from the last runs: findings, figures, and what could not be compared; or that there was none. */
export const renderChanges = ({ drift, rules, findings, finding_changes, sources }: Report): Html => {
  const { since, other_databases, changes, not_looked_at = [] } = drift;
  const namesSource = sources.length > 1;
  return html`<section id="changes">
    <h2>What changed</h2>
    ${
      since === undefined
        ? html`<p>
            ${other_databases === true ? 'The earlier surveys in this place were of other databases' : 'This is the first survey in this place'}.
            The next one will be compared with it.
          </p>`
        : html`${
              finding_changes !== undefined &&
              html`${renderFindingChanges(finding_changes, rules && findings, namesSource)}
                <h3>Figures</h3>`
            }
            <p>
              ${changes.length === 0 ? 'Nothing changed' : formatCountOf(changes.length, 'difference')} since
              <time datetime="${since.at}">${formatMoment(since.at)}</time>
              <span class="muted">(run ${showName(since.run_id)})</span
              >${not_looked_at.length > 0 && ', as far as could be compared'}.
            </p>
            ${changes.length > 0 && changesTable(changes, namesSource)} ${notCompared(not_looked_at, namesSource)}`
    }
  </section>`;
};

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

const changeRow = ({ kind, is_view, before, after, since, ...place }: DriftChange, namesSource: boolean): Html =>
  html`<tr>
    <th scope="row">${nameOf(place, namesSource)}</th>
    <td>
      ${is_view === true ? words[kind].replace('table', 'view') : words[kind]}${since !== undefined && html` <small>since ${formatMoment(since.at)}</small>`}
    </td>
    <td>${before === undefined ? '–' : showValue(before)}</td>
    <td>${after === undefined ? '–' : showValue(after)}</td>
  </tr>`;

type Place = Pick<NotCompared, 'source' | 'table' | 'column'>;

const nameOf = ({ source, table, column }: Place, namesSource: boolean): Html =>
  html`${(namesSource || table === undefined) && html`${showName(source)}${table !== undefined && ': '}`}${table !== undefined && showName(table)}${column !== undefined && html`.${showName(column)}`}`;

/** What one of the runs did not look at; of tables outside this run their number alone is known. */
const notCompared = (all: readonly NotCompared[], namesSource: boolean): Html => {
  const notAsked = all.filter(({ reason, by }) => reason === 'not_asked' && by === 'this_run');
  const others = all.filter((one) => !notAsked.includes(one));
  const left = others.length - pageLimits.changes;
  return html`${
    others.length > 0 &&
    html`<p>Not compared, so neither new nor gone nor unchanged:</p>
      <ul>
        ${others.slice(0, pageLimits.changes).map((one) => html`<li><b>${nameOf(one, namesSource)}</b> (${one.by === 'this_run' ? 'this survey' : 'the surveys before'}): ${showText(one.detail)}</li>`)}
      </ul>`
  }
  ${left > 0 && html`<p class="left-out">${formatCountOf(left, 'more thing')} left out here. The JSON twin of this report lists them all.</p>`}
  ${
    notAsked.length > 0 &&
    html`<p class="muted">
      Not asked for this time, so not compared:
      ${formatCountOf(
        notAsked.reduce((sum, { tables = 1 }) => sum + tables, 0),
        'table',
      )}
      of the surveys before.
    </p>`
  }`;
};
