import type { Finding } from '../../contracts/finding.ts';
import { ChangeState, changeWords } from '../../contracts/change-state.ts';
import type { FindingChange, FindingChanges } from '../../contracts/finding-change.ts';
import { formatCount, formatCountOf, formatMoment } from '../format.ts';
import { html, type Html } from './html.ts';
import { pageLimits } from './page-limits.ts';
import { severityLooks } from './reported-findings.ts';
import { showPlace } from './show-place.ts';
import { showName, showText } from './show-value.ts';

/** The states in the order in which they are listed. */
const states = ChangeState.options.filter((state) => state !== 'unchanged');

type Told = { readonly change: FindingChange; readonly finding: Finding };

/** What has become of the findings since the surveys before; nothing where there was none. */
export const renderFindingChanges = (
  { since, without_findings, is_cut, changes, outside = 0 }: FindingChanges,
  found: readonly Finding[] | undefined,
  namesSource: boolean,
): Html => {
  if (since === undefined) return html``;
  const count = (state: ChangeState): number => changes.filter((change) => change.state === state).length;
  const counts = states.flatMap((state) =>
    count(state) === 0 ? [] : [`${formatCount(count(state))} ${changeWords[state]}`],
  );
  const told = found === undefined ? [] : tell(changes, found);
  return html`<h3>Findings</h3>
    <p>
      ${counts.length === 0 ? 'None is new, and none is gone' : counts.join(', ')}; ${formatCount(count('unchanged'))}
      unchanged. ${found === undefined && counts.length > 0 && 'The catalog lists them.'}
      ${outside > 0 && `${formatCountOf(outside, 'finding')} of the surveys before ${outside === 1 ? 'rests' : 'rest'} on tables outside this survey.`}
    </p>
    ${told.length > 0 && changesTable(told, since.run_id, namesSource)}
    ${without_findings.map(({ at, run_id }) => html`<p class="warn">The survey of <time datetime="${at}">${formatMoment(at)}</time> (run ${showName(run_id)}) kept no findings as data, so nothing can be compared with it.</p>`)}
    ${is_cut && html`<p class="muted">Surveys still further back were not read.</p>`}`;
};

const tell = (changes: readonly FindingChange[], found: readonly Finding[]): readonly Told[] => {
  const known = new Map(found.map((finding) => [finding.key, finding]));
  return states.flatMap((state) =>
    changes.flatMap((change): readonly Told[] => {
      const finding = known.get(change.key) ?? change.earlier;
      return change.state === state && finding !== undefined ? [{ change, finding }] : [];
    }),
  );
};

const changesTable = (told: readonly Told[], since: string, namesSource: boolean): Html => {
  const left = told.length - pageLimits.changes;
  return html`<div class="scroll" role="region" aria-label="What has become of findings" tabindex="0">
      <table>
        <caption>
          What has become of findings
        </caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Severity</th>
            <th scope="col">Finding</th>
            <th scope="col">Where</th>
            <th scope="col" class="num">Rows before</th>
            <th scope="col" class="num">Rows now</th>
            <th scope="col">Remark</th>
          </tr>
        </thead>
        <tbody>
          ${told.slice(0, pageLimits.changes).map((one) => changeRow(one, since, namesSource))}
        </tbody>
      </table>
    </div>
    ${left > 0 && html`<p class="left-out">${formatCountOf(left, 'more finding')} left out here. The JSON twin of this report lists them all.</p>`}`;
};

const changeRow = ({ change, finding }: Told, since: string, namesSource: boolean): Html => {
  const { state, before, detail, since: own, earlier } = change;
  return html`<tr>
    <td>${changeWords[state]}</td>
    <td class="${severityLooks[finding.severity]}">${finding.severity}</td>
    <th scope="row">${showText(finding.title)}</th>
    <td>${showPlace(finding.place, namesSource)}</td>
    <td class="num">${before === undefined ? '–' : formatCount(before)}</td>
    <td class="num">${earlier === undefined ? formatCount(finding.rows) : '–'}</td>
    <td>
      ${detail !== undefined && showText(detail)}
      ${own !== undefined && own.run_id !== since && html` <small>since ${formatMoment(own.at)}</small>`}
    </td>
  </tr>`;
};
