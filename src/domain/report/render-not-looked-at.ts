import type { Findings, NotLookedAt } from '../../contracts/finding.ts';
import { countNotAsked, isTableNotAsked } from '../finding/is-table-not-asked.ts';
import { formatCountOf } from '../format.ts';
import { html, type Html } from './html.ts';
import { pageLimits } from './page-limits.ts';
import { showList } from './show-list.ts';
import { showName, showText } from './show-value.ts';

/** All that nobody looked at, by name, with the reason of each: what is missing here was looked at. */
export const renderNotLookedAt = ({ not_looked_at }: Findings, sources: readonly string[]): Html => {
  const asked = grouped(not_looked_at.filter(({ reason }) => reason !== 'not_asked'));
  const notAsked = countNotAsked(not_looked_at);
  const alone = not_looked_at.filter((one) => one.reason === 'not_asked' && !isTableNotAsked(one));
  const shown = asked.slice(0, pageLimits.not_looked_at);
  const name = ({ source, table, columns = [] }: NotLookedAt): Html =>
    html`<b
      >${sources.length > 1 && html`${showName(source)}${table !== undefined && ': '}`}${
        table === undefined ? sources.length === 1 && showName(source) : showName(table)
      }${columns.length > 0 && html` (${showList(columns.map(showName))})`}</b
    >`;
  return html`<section id="missed">
    <h2>Not looked at</h2>
    ${
      asked.length === 0
        ? html`<p>
            Every rule looked at every table that was asked
            for${alone.length > 0 && ', save where it would have needed another'}.
          </p>`
        : html`<ul>
            ${shown.map(
              ({ first, rules }) =>
                html`<li>
                  ${name(first)}${rules.length > 0 && html` <small>${showList(rules.map(showName))}</small>`}<br />
                  ${showText(first.detail)}
                </li>`,
            )}
          </ul>`
    }
    ${asked.length > shown.length && html`<p class="left-out">${formatCountOf(asked.length - shown.length, 'more thing')} left out here. The JSON twin of this report lists them all.</p>`}
    ${
      alone.length > 0 &&
      html`<p>The survey was given tables without others that they point at:</p>
        <ul>
          ${alone.slice(0, pageLimits.not_looked_at).map(({ source, detail }) => html`<li>${sources.length > 1 && html`${showName(source)}: `}${showText(detail)}</li>`)}
        </ul>
        ${alone.length > pageLimits.not_looked_at && html`<p class="left-out">${formatCountOf(alone.length - pageLimits.not_looked_at, 'more thing')} left out here. The JSON twin of this report lists them all.</p>`}`
    }
    ${notAsked > 0 && html`<p>The survey was not asked for ${formatCountOf(notAsked, 'more table')}, and knows nothing of ${notAsked === 1 ? 'it' : 'them'}.</p>`}
  </section>`;
};

/** One line for all rules that did not look at a table for the same reason. */
const grouped = (
  all: readonly NotLookedAt[],
): readonly { readonly first: NotLookedAt; readonly rules: readonly string[] }[] =>
  [
    ...Map.groupBy(all, ({ source, table, columns, detail }) =>
      JSON.stringify([source, table, columns, detail]),
    ).values(),
  ].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ first, rules: [...new Set(group.flatMap(({ rule }) => rule ?? []))] }];
  });
