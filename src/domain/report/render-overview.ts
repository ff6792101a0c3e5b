import type { DatabaseProfile, RunProfile } from '../../contracts/profile.ts';
import { type AnchoredDatabase, type AnchoredTable, anchoredTables } from './anchored-tables.ts';
import { basisMark } from './basis-mark.ts';
import { formatBytes, formatCount, formatCountOf, formatNumber } from '../format.ts';
import { html, type Html } from './html.ts';
import { pageLimits } from './page-limits.ts';
import { failureText } from './render-header.ts';
import { showName, showText } from './show-value.ts';

/** All measured tables with their sizes, database by database, and what could not be seen of each. */
export const renderOverview = (profile: RunProfile): Html => {
  const databases = anchoredTables(profile);
  const areSeveral = databases.length > 1;
  return html`<section id="overview">
    <h2>${areSeveral ? 'Databases' : 'Tables'}</h2>
    ${databases.map((one) => databaseOf(one, areSeveral))}
  </section>`;
};

const databaseOf = ({ database, anchor, tables }: AnchoredDatabase, hasHeading: boolean): Html =>
  html`${
    hasHeading && html`<h3 id="${anchor}">${showName(database.source)} <small>${showName(database.label)}</small></h3>`
  }
  ${
    database.failure === undefined
      ? tablesOf(database, tables)
      : html`<p class="warn">This database was not surveyed. ${failureText(database.failure)}</p>`
  }
  ${notesOf(database)}`;

const tablesOf = ({ engine, engine_version }: DatabaseProfile, tables: readonly AnchoredTable[]): Html =>
  html`<div class="scroll" role="region" aria-label="Tables and their sizes" tabindex="0">
    <table>
      <caption>
        ${tables.length === 0 ? 'No table was measured' : 'Tables and their sizes'}, ${showName(engine)}
        ${showName(engine_version)}
      </caption>
      <thead>
        <tr>
          <th scope="col">Table</th>
          <th scope="col" class="num">Rows</th>
          <th scope="col" class="num">Columns</th>
          <th scope="col" class="num">Size</th>
          <th scope="col">Measured on</th>
        </tr>
      </thead>
      <tbody>
        ${tables.map(tableRow)}
      </tbody>
    </table>
  </div>`;

const tableRow = ({ table: { table, schema, rows, columns, sample }, anchor }: AnchoredTable): Html =>
  html`<tr>
    <th scope="row">
      <a href="#${anchor}">${showName(table)}</a>${
        schema.kind !== 'table' && html` <small>${schema.kind.replaceAll('_', ' ')}</small>`
      }
    </th>
    <td class="num">${basisMark(rows.basis)}${formatCount(rows.count)}</td>
    <td class="num">${formatCount(columns.length)}</td>
    <td class="num">${schema.bytes === undefined ? '–' : formatBytes(schema.bytes)}</td>
    <td>
      ${
        sample ? html`all rows, and a sample of ${formatNumber(sample.percent)}%${basisMark('sample')}` : html`all rows`
      }
    </td>
  </tr>`;

/** What a reader must know of the role: that it could have written, and what it was not shown. */
const notesOf = ({ role, not_visible, left_out = [] }: DatabaseProfile): Html => {
  const left = not_visible.length - pageLimits.not_visible;
  const leftOut = left_out.length - pageLimits.not_visible;
  return html`${
    role?.can_write === true &&
    html`<p class="warn">
      Surveyed as <b>${showName(role.name)}</b>, a role that can write, which was accepted by setting. It may:
      ${role.found.slice(0, 5).map((one, index) => html`${index > 0 && ', '}<code>${showName(one)}</code>`)}. Surveyor
      ran read-only transactions alone.
    </p>`
  }
  ${
    role?.writes_elsewhere !== undefined &&
    html`<p>
      The role <b>${showName(role.name)}</b> may write in other databases of the server, which no statement of a survey
      can name:
      ${role.writes_elsewhere.slice(0, 5).map((one, index) => html`${index > 0 && ', '}<code>${showName(one)}</code>`)}.
    </p>`
  }
  ${
    not_visible.length > 0 &&
    html`<details class="not-visible">
      <summary>
        ${role === undefined ? 'Could not be read' : 'Not visible to this role'}:
        ${formatCountOf(not_visible.length, 'thing')}
      </summary>
      <p>They may be there or not; this report says nothing of them.</p>
      <ul>
        ${not_visible
          .slice(0, pageLimits.not_visible)
          .map(({ what, name, detail }) => html`<li>${what} of <b>${showName(name)}</b>: ${showText(detail)}</li>`)}
      </ul>
      ${left > 0 && html`<p class="left-out">${formatCount(left)} more stand in the JSON twin of this report.</p>`}
    </details>`
  }
  ${
    left_out.length > 0 &&
    html`<details class="not-visible">
      <summary>Left out: ${formatCountOf(left_out.length, 'thing')}</summary>
      <p>They lie beside the tables and were not surveyed.</p>
      <ul>
        ${left_out.slice(0, pageLimits.not_visible).map(({ name, detail }) => html`<li><b>${showName(name)}</b>: ${showText(detail)}</li>`)}
      </ul>
      ${leftOut > 0 && html`<p class="left-out">${formatCount(leftOut)} more stand in the JSON twin of this report.</p>`}
    </details>`
  }`;
};
