import { isView } from '../is-view.ts';
import { rowsOnce } from '../rows-once.ts';
import type { DatabaseProfile, RunProfile } from '../../contracts/profile.ts';
import { readerText } from '../reader-advice.ts';
import type { DatabaseSize } from '../profile-digest.ts';

/** How much there is of each database, and why nothing is known of one that was not surveyed. */
export const digestDatabases = ({ databases }: RunProfile): readonly DatabaseSize[] =>
  databases.map((database) => {
    const { source, engine, engine_version, tables, failed } = database;
    const own = tables.filter((table) => !isView(table));
    const unknown = whyUnknown(database);
    return {
      source,
      engine,
      engine_version,
      tables: own.length,
      views: tables.length - own.length,
      rows: rowsOnce(own).reduce((sum, { rows }) => sum + rows.count, 0),
      ...(own.every(({ rows }) => rows.basis === 'exact') ? {} : { is_estimate: true }),
      failed: failed.length,
      ...(unknown === undefined ? {} : { unknown }),
    };
  });

/** Why nothing is known of a database; undefined where at least one table was measured, or there is none. */
const whyUnknown = ({ source, failure, failed, tables }: DatabaseProfile): string | undefined => {
  if (failure !== undefined)
    return `${source} could not be opened, so nothing is known of it: ${readerText(failure).slice(0, 500)}`;
  const [first, ...others] = new Set(failed.map((one) => readerText(one.failure)));
  if (first === undefined || tables.length > 0) return undefined;
  const more = others.length > 0 ? ' Not all failed alike: the report gives the reason of each.' : '';
  return `No table of ${source} could be measured: ${first.slice(0, 500)}${more}`;
};
