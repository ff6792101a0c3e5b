import type { DatabaseProfile, TableProfile } from '../../contracts/profile.ts';
import { basisMark } from './basis-mark.ts';
import { formatBytes, formatCount, formatNumber } from './format.ts';
import { html, type Html } from './html.ts';
import { showName } from './show-value.ts';

/** All measured tables with their sizes. */
export const renderOverview = ({ tables, engine, engine_version }: DatabaseProfile): Html =>
  html`<section id="overview">
    <h2>Tables</h2>
    <div class="scroll" role="region" aria-label="Tables and their sizes" tabindex="0">
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
    </div>
  </section>`;

const tableRow = ({ table, schema, rows, columns, sample }: TableProfile, index: number): Html =>
  html`<tr>
    <th scope="row">
      <a href="#t${index + 1}">${showName(table)}</a>${schema.kind !== 'table' && html` <small>${schema.kind}</small>`}
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
