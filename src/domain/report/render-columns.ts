import type { DatabaseProfile } from '../../contracts/profile.ts';
import { basisLegend } from './basis-mark.ts';
import { html, type Html } from './html.ts';
import { pageLimits } from './page-limits.ts';
import { renderTable } from './render-table.ts';
import { shareOut } from './share-out.ts';

/** Every measured table with its columns, as far as the page has room. */
export const renderColumns = ({ tables }: DatabaseProfile, evidenceIds: ReadonlySet<string>): Html => {
  const widths = tables.map(({ columns }) => columns.length);
  const columns = widths.reduce((sum, width) => sum + width, 0);
  const rows = shareOut(widths, pageLimits.column_rows);
  const cards = shareOut(widths, pageLimits.column_cards);
  return html`<section id="columns">
    <h2>Columns, table by table</h2>
    ${basisLegend}
    ${tables.map((table, index) =>
      renderTable(table, {
        anchor: `t${index + 1}`,
        rows: rows[index] ?? 0,
        cards: cards[index] ?? 0,
        open: columns <= pageLimits.open_tables,
        cards_open: columns <= pageLimits.open_cards,
        evidence_ids: evidenceIds,
      }),
    )}
  </section>`;
};
