import { evidenceLink } from './evidence-link.ts';
import { html, type Html } from './html.ts';

/** References to the evidence of a figure: to pieces that the page shows as links, of the others the ids alone. */
export const citeEvidence = (ids: readonly string[], known: ReadonlySet<string>): Html =>
  html`${[...new Set(ids)].map((id, index) => html`${index > 0 && ' '}${known.has(id) ? evidenceLink(id) : html`<span class="missing-evidence evidence-id" title="It stands in the JSON twin of this report">${id.slice(0, 70)}</span>`}`)}`;
