import type { Findings } from '../../contracts/finding.ts';
import { citeEvidence } from './cite-evidence.ts';
import { formatCountOf } from '../format.ts';
import { html, type Html } from './html.ts';
import { pageLimits } from './page-limits.ts';
import { type FindingsContext, rowsOf } from './render-findings.ts';
import { isPersonal } from './reported-findings.ts';
import { showPlace } from './show-place.ts';
import { showText } from './show-value.ts';

/** The columns that hold personal data, and the texts in which some was found; never a value of them. */
export const renderPersonal = ({ findings }: Findings, { sources, evidence_ids }: FindingsContext): Html => {
  const personal = findings.filter(isPersonal);
  const shown = personal.slice(0, pageLimits.findings);
  return html`<section id="personal">
    <h2>Personal data</h2>
    ${
      personal.length === 0
        ? html`<p>No column looks as if it held personal data.</p>`
        : html`<p>
              The values of columns that hold personal data are masked in this report and in its JSON twin: in figures,
              commonest values, changes, findings and in the beginnings of results. Counts, lengths and forms are shown.
              Of texts in which some was found, addresses and numbers are masked where they have the usual form, and the
              rest of the text is shown.
            </p>
            <div class="scroll" role="region" aria-label="Personal data" tabindex="0">
              <table>
                <caption>
                  ${formatCountOf(personal.length, 'place')}
                </caption>
                <thead>
                  <tr>
                    <th scope="col">Column</th>
                    <th scope="col">What</th>
                    <th scope="col" class="num">Rows</th>
                    <th scope="col">Evidence</th>
                  </tr>
                </thead>
                <tbody>
                  ${shown.map(
                    (finding) =>
                      html`<tr>
                        <th scope="row">${showPlace(finding.place, sources.length > 1)}</th>
                        <td>${showText(finding.place.part ?? finding.title)}</td>
                        <td class="num">${rowsOf(finding)}</td>
                        <td>${citeEvidence(finding.evidence, evidence_ids)}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
    }
    ${personal.length > shown.length && html`<p class="left-out">${formatCountOf(personal.length - shown.length, 'more place')} left out here. The JSON twin of this report lists them all.</p>`}
  </section>`;
};
