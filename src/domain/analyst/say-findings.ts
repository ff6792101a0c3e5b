import type { Place } from '../../contracts/finding.ts';
import type { FindingsDigest } from '../profile-digest.ts';
import { type Html, html } from '../report/html.ts';
import { formatCount, formatCountOf } from '../format.ts';

/** `shop: orders.total`; the source where there are several. */
export const whereOf = ({ source, table, columns }: Place, namesSource: boolean): string =>
  `${namesSource ? `${source}: ` : ''}${table}${columns.length === 0 ? '' : `.${columns.join(', ')}`}`;

/** How many findings there are, by severity, and columns with personal data. */
export const tallyOf = ({ high, medium, low, personal_columns }: FindingsDigest['totals']): string =>
  `${formatCountOf(high + medium + low, 'finding')}: ${formatCount(high)} of high, ${formatCount(medium)} of medium, ${formatCount(low)} of low severity. Columns with personal data: ${formatCount(personal_columns)}.`;

/** How much of what was asked for nobody looked at; false where all was looked at. */
export const gapsOf = ({ not_looked_at, not_looked_at_too = 0 }: FindingsDigest): Html | false => {
  const all = not_looked_at.length + not_looked_at_too;
  if (all === 0) return false;
  const isWhole = ({ columns, rule, reason }: (typeof not_looked_at)[number]): boolean =>
    columns === undefined && rule === undefined && reason !== 'left_out';
  const [whole, parts] = [true, false].map((wanted) => [
    ...new Set(not_looked_at.flatMap((one) => (one.table !== undefined && isWhole(one) === wanted ? [one.table] : []))),
  ]);
  const named = (tables: readonly string[] = []): string =>
    `${tables.slice(0, 10).join(', ')}${tables.length > 10 ? ' and others' : ''}`;
  const some = parts?.filter((table) => whole?.includes(table) === false) ?? [];
  return html`<p class="warn">
    ${formatCountOf(all, 'thing')} ${all === 1 ? 'was' : 'were'} not looked
    at.${(whole?.length ?? 0) > 0 && ` Nothing of ${named(whole)}.`}${some.length > 0 && ` Of ${named(some)} some rows, columns or rules.`}
    The catalog lists ${all === 1 ? 'it' : 'all of them'} by name.
  </p>`;
};

/** Links to evidence. */
export const citeEvidence = (ids: readonly string[]): readonly Html[] =>
  [...new Set(ids)].map((id, index) => html`${index > 0 && ' '}<a href="#${id}">${id}</a>`);
