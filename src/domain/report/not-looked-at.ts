import type { Findings, NotLookedAt } from '../../contracts/finding.ts';
import type { DatabaseProfile, RunProfile } from '../../contracts/profile.ts';
import { isView } from '../is-view.ts';
import { formatCount, formatCountOf } from '../format.ts';

/** A table that nobody looked at, though it was asked for. */
const isMissedTable = ({ table, columns, rule, reason }: NotLookedAt): boolean =>
  table !== undefined && columns === undefined && rule === undefined && reason !== 'not_asked' && reason !== 'left_out';

/** How many tables were asked for, and how many of them nobody looked at. */
const coverageOf = (
  { not_looked_at }: Findings,
  { databases }: RunProfile,
): { readonly asked: number; readonly missed: number } => {
  const names = (tables: readonly { readonly source: string; readonly table?: string | undefined }[]) =>
    new Set(tables.map(({ source, table }) => JSON.stringify([source, table])));
  const missed = names(not_looked_at.filter(isMissedTable));
  const measured = names(databases.flatMap(({ source, tables }) => tables.map(({ table }) => ({ source, table }))));
  return { asked: new Set([...missed, ...measured]).size, missed: missed.size };
};

/** What was asked for and not looked at, a phrase each; none where all was. */
export const missedParts = (found: Findings | undefined, profile: RunProfile): readonly string[] => [
  ...missedDatabases(profile),
  ...(found === undefined ? [] : missedTables(found, profile)),
];

const missedDatabases = ({ databases }: RunProfile): readonly string[] => {
  const unknown = databases.filter(isUnknown).length;
  if (unknown === 0) return [];
  return [
    databases.length === 1
      ? 'The database could not be surveyed'
      : `${formatCount(unknown)} of ${formatCount(databases.length)} databases could not be surveyed`,
  ];
};

/** A database that could not be opened, or was lost before one of its tables was measured. */
const isUnknown = ({ failure, tables, failed }: DatabaseProfile): boolean =>
  failure !== undefined || (tables.length === 0 && failed.length > 0);

const missedTables = (found: Findings, profile: RunProfile): readonly string[] => {
  const { asked, missed } = coverageOf(found, profile);
  const hasViews = profile.databases.some(({ tables }) => tables.some(isView));
  const things = (count: number): string =>
    hasViews ? `${formatCountOf(count, 'table')} and views` : formatCountOf(count, 'table');
  const partly = (of: (one: NotLookedAt) => boolean): number =>
    new Set(found.not_looked_at.filter(of).map(({ source, table }) => JSON.stringify([source, table]))).size;
  const byRules = partly(({ rule, reason }) => rule !== undefined && reason !== 'not_asked');
  const hidden = partly(
    ({ columns, rule, reason }) => columns !== undefined && rule === undefined && reason !== 'left_out',
  );
  const cut = partly(({ reason }) => reason === 'left_out');
  return [
    ...(missed === 0
      ? []
      : [`${formatCount(missed)} of ${things(asked)} ${missed === 1 ? 'was' : 'were'} not looked at`]),
    ...(byRules === 0
      ? []
      : [`${formatCountOf(byRules, 'table')} ${byRules === 1 ? 'was' : 'were'} not looked at by every rule`]),
    ...(hidden === 0
      ? []
      : [`${formatCountOf(hidden, 'table')} ${hidden === 1 ? 'has' : 'have'} columns that could not be read`]),
    ...(cut === 0
      ? []
      : [`${formatCountOf(cut, 'table')} ${cut === 1 ? 'has' : 'have'} rows or columns that were left out`]),
  ];
};
