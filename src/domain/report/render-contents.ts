import type { Report } from '../../contracts/report.ts';
import { type AnchoredTable, anchoredTables } from './anchored-tables.ts';
import { html, type Html } from './html.ts';
import { pageLimits } from './page-limits.ts';
import { reportedFindings } from './reported-findings.ts';
import { showName } from './show-value.ts';

/** The contents: every section of the page, and each table where there are few enough. */
export const renderContents = (report: Report): Html => {
  const { profile } = report;
  const found = reportedFindings(report);
  const databases = profile === undefined ? [] : anchoredTables(profile);
  const tables = databases.flatMap((database) => database.tables);
  const namesTables = tables.length <= pageLimits.contents_tables;
  return html`<nav aria-label="Contents">
    <ul>
      <li><a href="#text">Report</a></li>
      ${report.findings && html`<li><a href="#findings">Findings</a></li>`}
      ${
        databases.length > 0 &&
        html`<li>
          <a href="#overview">${databases.length > 1 ? 'Databases' : 'Tables'}</a>
          ${
            databases.length > 1 &&
            html`<ul>
              ${databases.map(({ database, anchor }) => html`<li><a href="#${anchor}">${showName(database.source)}</a></li>`)}
            </ul>`
          }
        </li>`
      }
      <li><a href="#changes">What changed</a></li>
      ${
        tables.length > 0 &&
        html`<li>
          <a href="#columns">Table by table</a>
          ${
            namesTables &&
            html`<ul>
              ${
                databases.length === 1
                  ? linksTo(tables)
                  : databases.map(
                      (one) =>
                        one.tables.length > 0 &&
                        html`<li>
                          ${showName(one.database.source)}
                          <ul>
                            ${linksTo(one.tables)}
                          </ul>
                        </li>`,
                    )
              }
            </ul>`
          }
        </li>`
      }
      ${
        found &&
        html`<li><a href="#personal">Personal data</a></li>
          ${found.findings.some(({ check }) => check !== undefined) && html`<li><a href="#checks">Checks</a></li>`}
          <li><a href="#missed">Not looked at</a></li>`
      }
      <li><a href="#evidence">Evidence</a></li>
      <li><a href="#run">About this run</a></li>
    </ul>
  </nav>`;
};

const linksTo = (tables: readonly AnchoredTable[]): readonly Html[] =>
  tables.map(({ table, anchor }) => html`<li><a href="#${anchor}">${showName(table.table)}</a></li>`);
