import type { DatabaseSize, FindingsDigest, MapRow } from '../profile-digest.ts';
import { formatCountOf } from '../format.ts';
import { type Html, html, toText } from '../report/html.ts';
import type { Context } from './read-context.ts';
import { citeEvidence, gapsOf, tallyOf, whereOf } from './say-findings.ts';

/**
 * The text of a catalog: how much there is, and what to know before using it. The findings, the tables, the checks and
 * what was not looked at are set by the page, from data.
 */
export const writeCatalog = (context: Context): string => {
  const [databases, profile, findings] = [context.databases(), context.profile(), context.findings()];
  const areSeveral = databases.length > 1;
  const mapOf = (source: string): readonly MapRow[] =>
    profile.databases.find((one) => one.source === source)?.map ?? [];
  const line = (database: DatabaseSize): Html =>
    database.unknown === undefined
      ? html`${sizeOf(database, mapOf(database.source))} ${tallyOf(findings.by_source[database.source] ?? none)}`
      : html`${database.unknown}`;
  return toText(html`
    <h2>Overview</h2>
    ${
      areSeveral
        ? html`<p>${formatCountOf(databases.length, 'database')}:</p>
            <ul>
              ${databases.map((database) => html`<li${database.unknown !== undefined && html` class="warn"`}><strong>${database.source}</strong>: ${line(database)}</li>`)}
            </ul>`
        : databases.map(
            (database) => html`<p${database.unknown !== undefined && html` class="warn"`}>${line(database)}</p>`,
          )
    }
    ${gapsOf(findings)} ${toKnow(findings, areSeveral)}
  `);
};

const none: FindingsDigest['totals'] = { high: 0, medium: 0, low: 0, personal_columns: 0 };

/** How much a database holds: `3 tables and 1 view with 13,526 rows, most of them in orders (10,700 rows).` */
const sizeOf = ({ tables, views, rows, is_estimate }: DatabaseSize, map: readonly MapRow[]): Html => {
  const about = is_estimate === true ? 'about ' : '';
  const largest = map
    .filter(([, , , , , kind]) => kind === undefined || !kind.endsWith('view'))
    .toSorted(([, a], [, b]) => b - a)[0];
  // “Most” is more than half, which of 300 tables alike none holds.
  const isMost = largest !== undefined && tables > 1 && 2 * largest[1] > rows;
  return html`${formatCountOf(tables, 'table')}${views > 0 && ` and ${formatCountOf(views, 'view')}`} with
  ${about}${formatCountOf(rows, 'row')}${isMost && html`, most of them in <strong>${largest[0]}</strong> (${about}${formatCountOf(largest[1], 'row')})`}.`;
};

/** The most that anybody remembers before using data. */
const maxToKnow = 5;

const toKnow = ({ findings }: FindingsDigest, namesSource: boolean): Html | false => {
  const first = findings.filter(({ severity }) => severity !== 'low').slice(0, maxToKnow);
  return (
    first.length > 0 &&
    html`<p>Before using the data, know this:</p>
      <ol>
        ${first.map(({ title, place, detail, evidence }) => html`<li><strong>${title}</strong> (${whereOf(place, namesSource)}): ${detail} ${citeEvidence(evidence)}</li>`)}
      </ol>`
  );
};
