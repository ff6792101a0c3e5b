import type { DatabaseProfile } from '../../contracts/profile.ts';
import { html, type Html } from './html.ts';
import { failureText } from './render-header.ts';
import { showName } from './show-value.ts';

/** The tables that could not be measured, each with its reason. */
export const renderUnmeasured = ({ failed }: DatabaseProfile): Html =>
  html`<section id="unmeasured">
    <h2>Tables that could not be measured</h2>
    <ul>
      ${failed.map(({ table, failure }) => html`<li><b>${showName(table)}</b><br />${failureText(failure)}</li>`)}
    </ul>
  </section>`;
