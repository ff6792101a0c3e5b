import type { Basis } from '../../contracts/profile.ts';
import { html, type Html } from './html.ts';

/** The small sign beside a figure that says how far it can be trusted; an exact one has none. */
export const basisMark = (basis: Basis): Html => {
  switch (basis) {
    case 'exact':
      return html``;
    case 'approximate':
      return html`<abbr class="basis" title="estimated over all rows">≈</abbr>`;
    case 'sample':
      return html`<abbr class="basis" title="measured on a sample of the rows">◔</abbr>`;
    case 'planner':
      return html`<abbr class="basis" title="from the database’s planner statistics, as of its last ANALYZE">⚙</abbr>`;
  }
};

/** What the signs mean. */
export const basisLegend: Html = html`<p class="legend">
  Figures without a sign count every row. ${basisMark('approximate')} is an estimate over all rows.
  ${basisMark('sample')} comes from a sample of the rows; each table says which. ${basisMark('planner')} is what the
  database’s planner keeps, as of its last ANALYZE.
</p>`;
