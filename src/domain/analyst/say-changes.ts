import type { ChangeState } from '../../contracts/change-state.ts';
import type { NotLookedAt } from '../../contracts/finding.ts';
import type { DriftDigest, FindingChangesDigest } from '../profile-digest.ts';
import { formatCount, formatCountOf, formatMoment } from '../format.ts';
import { type Html, html } from '../report/html.ts';
import { describeChange } from './describe-change.ts';
import { whereOf } from './say-findings.ts';

/** The most changes that are listed of what was measured; the page of the catalog lists more. */
const maxChanges = 60;

/** What changed in the figures since the surveys before, or that there was none. */
export const sayDrift = (
  { since, other_databases, changes, more = 0, not_looked_at = [] }: DriftDigest,
  prefix: string,
  namesSource: boolean,
): Html => {
  if (since === undefined)
    return html`<p>
      ${other_databases === true ? html`The earlier surveys under <code>${prefix}</code> were of other databases` : html`This is the first survey under <code>${prefix}</code>`},
      so there is nothing to compare with yet. The next one will say what changed.
    </p>`;
  const left = changes.length + more - Math.min(maxChanges, changes.length);
  return html`<p>Compared with the survey of ${formatMoment(since.at)}.</p>
    ${
      changes.length === 0
        ? html`<p>
            Schema, row counts, missing values, averages and frequent values are as they
            were${not_looked_at.length > 0 && ' where they could be compared'}.
          </p>`
        : html`<ul>
            ${changes.slice(0, maxChanges).map((change) => html`<li>${describeChange(change, namesSource)}</li>`)}
          </ul>`
    }
    ${left > 0 && html`<p class="note">${formatCountOf(left, 'further change')} stand in the catalog.</p>`}
    ${notCompared(not_looked_at, namesSource)}`;
};

/** The most things that are named of what could not be compared for one reason. */
const maxNamed = 10;

/** What one of the surveys did not look at, told once for each reason: it is not gone, nor is it new. */
const notCompared = (all: NonNullable<DriftDigest['not_looked_at']>, namesSource: boolean): Html | false => {
  if (all.length === 0) return false;
  const groups = [...Map.groupBy(all, ({ by, reason }) => `${by} ${reason}`).values()];
  return html`<p>Not compared, so neither changed nor unchanged:</p>
    <ul>
      ${groups.map((group) => {
        const names = group.slice(0, maxNamed).map((one) => placeName(one, namesSource));
        const left = group.length - names.length;
        const [first] = group;
        return html`<li>
          ${first?.by === 'this_run' ? 'This survey' : 'Those before'} ${first && reasonWords[first.reason]}:
          ${names.join(', ')}${left > 0 && ` and ${formatCount(left)} more`}
        </li>`;
      })}
    </ul>`;
};

const placeName = (
  { source, table, tables, column }: NonNullable<DriftDigest['not_looked_at']>[number],
  namesSource: boolean,
): string => {
  if (tables !== undefined) return `${formatCountOf(tables, 'table')} of ${source}`;
  if (table === undefined) return source;
  return `${namesSource ? `${source}: ` : ''}${table}${column === undefined ? '' : `.${column}`}`;
};

const reasonWords = {
  not_asked: 'was not asked for',
  not_visible: 'could not see',
  not_measured: 'could not measure',
  left_out: 'could not read all of',
  failed: 'failed on',
  time: 'had no time for',
  budget: 'had no budget for',
  too_large: 'found too large',
} as const satisfies Record<NotLookedAt['reason'], string>;

/** What has become of findings, in the words of a reader, in this order. */
const stateTitles = {
  new: 'New',
  grown: 'Grown',
  shrunk: 'Shrunk',
  gone: 'Gone: both surveys looked, and only the one before found it',
  dropped: 'Gone with its table or column, which is not there any more',
  not_looked_at: 'Not looked at this time, so neither gone nor there',
  not_compared: 'Found, and not compared, because no earlier survey that can be compared looked there',
} as const satisfies Omit<Readonly<Record<ChangeState, string>>, 'unchanged'>;

/** What has become of the findings, the gravest of each state by name. */
export const sayFindingChanges = (digest: FindingChangesDigest, namesSource: boolean): Html | false => {
  if (digest.since === undefined) return false;
  const { without_findings: kept } = digest;
  return html`${statesOf(digest, namesSource)}
  ${kept > 0 && html`<p class="warn">${formatCountOf(kept, 'earlier survey')} kept no findings as data, so nothing can be compared with ${kept === 1 ? 'it' : 'them'}.</p>`}`;
};

const statesOf = ({ totals, not_asked, changes }: FindingChangesDigest, namesSource: boolean): Html => {
  const states = (Object.keys(stateTitles) as (keyof typeof stateTitles)[]).filter((state) => (totals[state] ?? 0) > 0);
  const unchanged = totals.unchanged ?? 0;
  if (states.length === 0 && not_asked === 0)
    return html`<p>
      The findings are those of the survey before${unchanged > 0 && `: ${formatCount(unchanged)}, unchanged`}.
    </p>`;
  return html`<ul>
    ${states.map((state) => {
      const own = changes.filter((change) => change.state === state);
      const left = (totals[state] ?? 0) - own.length;
      return html`<li>
        ${stateTitles[state]} (${formatCount(totals[state] ?? 0)}):
        ${own.map((change) => changeText(change, namesSource)).join('; ')}${left > 0 && `${own.length > 0 ? ' and ' : ''}${formatCount(left)} more`}
      </li>`;
    })}
    ${not_asked > 0 && html`<li>On tables outside this survey, so not looked at: ${formatCountOf(not_asked, 'finding')}</li>`}
    ${unchanged > 0 && html`<li>Unchanged: ${formatCountOf(unchanged, 'finding')}</li>`}
  </ul>`;
};

const changeText = (
  { state, title, place, rows, before, detail }: FindingChangesDigest['changes'][number],
  namesSource: boolean,
): string => {
  const remarks = [
    whereOf(place, namesSource),
    ...(before === undefined || before === rows ? [] : [`${formatCount(before)} → ${formatCount(rows)} rows`]),
    ...((state === 'dropped' || state === 'not_looked_at') && detail !== undefined ? [detail.replace(/\.$/, '')] : []),
  ];
  return `${title} (${remarks.join(', ')})`;
};
