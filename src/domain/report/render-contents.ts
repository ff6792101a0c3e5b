import type { Report } from '../../contracts/report.ts';
import { html, type Html } from './html.ts';
import { pageLimits } from './page-limits.ts';
import { showName } from './show-value.ts';

/** The contents: every section of the page, and each table where there are few enough. */
export const renderContents = ({ profile }: Report): Html => {
  const tables = profile?.tables ?? [];
  const named = tables.length <= pageLimits.contents_tables ? tables : [];
  return html`<nav aria-label="Contents">
    <ul>
      ${profile && html`<li><a href="#overview">Tables</a></li>`}
      <li><a href="#findings">Report</a></li>
      <li><a href="#changes">What changed</a></li>
      ${
        tables.length > 0 &&
        html`<li>
          <a href="#columns">Columns</a>
          ${
            named.length > 0 &&
            html`<ul>
              ${named.map(({ table }, index) => html`<li><a href="#t${index + 1}">${showName(table)}</a></li>`)}
            </ul>`
          }
        </li>`
      }
      ${(profile?.failed.length ?? 0) > 0 && html`<li><a href="#unmeasured">Not measured</a></li>`}
      <li><a href="#evidence">Evidence</a></li>
      <li><a href="#run">About this run</a></li>
    </ul>
  </nav>`;
};
