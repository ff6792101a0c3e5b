import type { RunProfile } from '../../contracts/profile.ts';
import { html, type Html } from './html.ts';
import { failureText } from './render-header.ts';
import { showName } from './show-value.ts';

/** The tables that could not be measured, each with its reason. */
export const renderUnmeasured = ({ databases }: RunProfile): Html => {
  const failed = databases.flatMap((database) => database.failed.map((one) => ({ ...one, source: database.source })));
  if (failed.length === 0) return html``;
  const nameOf = ({ source, table }: (typeof failed)[number]): string =>
    databases.length > 1 ? `${source}: ${table}` : table;
  return html`<section id="unmeasured">
    <h2>Tables that could not be measured</h2>
    <ul>
      ${failed.map((one) => html`<li><b>${showName(nameOf(one))}</b><br />${failureText(one.failure)}</li>`)}
    </ul>
  </section>`;
};
