import type { Report } from '../../contracts/report.ts';
import { html, raw, type Html } from './html.ts';
import { linkEvidence } from './link-evidence.ts';
import { cleanBody } from './sanitize-body.ts';

/**
 * The agent’s text. It is sanitized again, whatever the stored report says of it. It stands in an `article`, below
 * elements that the text itself cannot use: so that no end tag in it, however a browser mends it, closes the page’s own.
 */
export const renderText = ({ body_html }: Report, evidenceIds: ReadonlySet<string>): Html => {
  const { html: clean } = cleanBody(body_html);
  return html`<article id="text">
    <h2>Report</h2>
    ${clean.trim() === '' ? html`<p class="muted">The agent submitted no text.</p>` : raw(linkEvidence(clean, evidenceIds))}
  </article>`;
};
