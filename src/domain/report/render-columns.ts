import type { Findings } from '../../contracts/finding.ts';
import type { RunProfile } from '../../contracts/profile.ts';
import { anchoredTables } from './anchored-tables.ts';
import { basisLegend } from './basis-mark.ts';
import { html, type Html } from './html.ts';
import { pageLimits } from './page-limits.ts';
import { findingsOfTable } from './render-table-findings.ts';
import { renderTable } from './render-table.ts';
import { showName } from './show-value.ts';
import { allocateFairly } from './allocate-fairly.ts';

/** Every measured table with what was found of it and its columns, as far as the page has room. */
export const renderColumns = (
  profile: RunProfile,
  found: Findings | undefined,
  evidenceIds: ReadonlySet<string>,
): Html => {
  const databases = anchoredTables(profile);
  const tables = databases.flatMap((database) => database.tables);
  if (tables.length === 0) return html``;
  const widths = tables.map(({ table }) => table.columns.length);
  const columns = widths.reduce((sum, width) => sum + width, 0);
  const rows = allocateFairly(widths, pageLimits.column_rows);
  const cards = allocateFairly(widths, pageLimits.column_cards);
  return html`<section id="columns">
    <h2>Table by table</h2>
    ${basisLegend}
    ${databases.map(
      ({ database, tables: own }) =>
        html`${databases.length > 1 && own.length > 0 && html`<h3 class="database">${showName(database.source)}</h3>`}
        ${own.map((one) =>
          renderTable(one.table, {
            anchor: one.anchor,
            rows: rows[tables.indexOf(one)] ?? 0,
            cards: cards[tables.indexOf(one)] ?? 0,
            open: columns <= pageLimits.open_tables,
            cards_open: columns <= pageLimits.open_cards,
            evidence_ids: evidenceIds,
            ...(found === undefined ? {} : { found: findingsOfTable(found, database.source, one.table.table) }),
          }),
        )}`,
    )}
  </section>`;
};
