import type { Findings } from '../../contracts/finding.ts';
import { formatCountOf } from '../format.ts';
import { html, type Html } from './html.ts';
import { pageLimits } from './page-limits.ts';
import type { FindingsContext } from './render-findings.ts';
import { showPlace } from './show-place.ts';
import { showText } from './show-value.ts';
import { shorten } from './visible-text.ts';

/** The statements that should run from now on, each with the finding that calls for it. */
export const renderChecks = ({ findings }: Findings, { sources }: FindingsContext): Html => {
  const checks = findings.flatMap((finding) =>
    finding.check === undefined ? [] : [{ finding, check: finding.check }],
  );
  const shown = checks.slice(0, pageLimits.checks);
  if (checks.length === 0) return html``;
  return html`<section id="checks">
    <h2>Checks to run from now on</h2>
    <p>Each statement returns the rows that are wrong, and none once they are mended.</p>
    <details>
      <summary>${formatCountOf(checks.length, 'statement')}</summary>
      ${shown.map(
        ({ finding, check }) =>
          html`<p class="check">${showText(finding.title)}, ${showPlace(finding.place, sources.length > 1)}</p>
            <pre><code>${shorten(check.text, pageLimits.evidence_text)};</code></pre>`,
      )}
      ${checks.length > shown.length && html`<p class="left-out">${formatCountOf(checks.length - shown.length, 'more statement')} left out here. The JSON twin of this report lists them all.</p>`}
    </details>
  </section>`;
};
