import type { Finding, NotLookedAt } from '../../contracts/finding.ts';
import type { DatabaseProfile, TableProfile } from '../../contracts/profile.ts';
import { isView } from '../is-view.ts';
import { namesOf, ownColumns } from '../rules/outline-tables.ts';
import type { SurveyedRun } from './surveyed-run.ts';

/** Why a run did not look somewhere. */
export type Gap = Pick<NotLookedAt, 'reason' | 'detail'>;

/**
 * Why a run did not look at a table, or at some of its columns. Undefined where it did look, which is so, too, where it
 * looked at the whole database and the table was not there.
 */
export const whyNoTable = (
  { run, profile }: SurveyedRun,
  source: string,
  table: string,
  columns: readonly string[] = [],
): Gap | undefined => {
  const asked = run.sources.find(({ name }) => name === source);
  const database = profile.databases.find((one) => one.source === source);
  if (asked === undefined || database === undefined)
    return { reason: 'not_asked', detail: `The survey was not of ${source}.` };
  if (database.failure !== undefined)
    return { reason: 'not_measured', detail: `${source} could not be opened: ${database.failure.message}` };
  const measured = database.tables.find((one) => one.table === table);
  if (measured !== undefined) {
    const isThere = (column: string): boolean => measured.columns.some(({ name }) => name === column);
    const hidden = hiddenThings(database, 'columns', table);
    return hidden === undefined || columns.every(isThere) ? undefined : { reason: 'not_visible', detail: hidden };
  }
  const failed = database.failed.find((one) => one.table === table);
  if (failed !== undefined)
    return { reason: 'not_measured', detail: `${table} could not be measured: ${failed.failure.message}` };
  if (asked.tables !== undefined) return { reason: 'not_asked', detail: `${table} was not asked for.` };
  const hidden = hiddenThings(database, 'table', table) ?? unlisted(database, table);
  return hidden === undefined ? undefined : { reason: 'not_visible', detail: hidden };
};

const unlisted = ({ role }: DatabaseProfile, table: string): string | undefined =>
  role?.lists_only_granted === true
    ? `${table} is not listed to ${role.name}, to whom the server lists only tables that it was granted: it may not be there, or not be granted.`
    : undefined;

const hiddenThings = ({ not_visible }: DatabaseProfile, what: 'table' | 'columns', table: string): string | undefined =>
  not_visible.find((one) => one.what === what && (one.name === table || one.tables?.includes(table)))?.detail;

/** Whether a run was given some tables of a database, and this one is none of them. */
export const isOutsideRun = ({ run, profile }: SurveyedRun, source: string, table: string): boolean => {
  const database = profile.databases.find((one) => one.source === source);
  return (
    run.sources.find(({ name }) => name === source)?.tables !== undefined &&
    database !== undefined &&
    ![...database.tables, ...database.failed].some((one) => one.table === table) &&
    hiddenThings(database, 'table', table) === undefined
  );
};

/** Whether a run measured a table. */
export const hasTable = ({ profile }: SurveyedRun, source: string, table: string): boolean =>
  profile.databases.some((one) => one.source === source && one.tables.some((measured) => measured.table === table));

/** Why a run could not have come to a finding; undefined where it could, had there been one. */
export const whyNoFinding = (
  survey: SurveyedRun,
  { rule, place: { source, table, columns }, other_tables = [] }: Pick<Finding, 'rule' | 'place' | 'other_tables'>,
): Gap | undefined => {
  const gap = whyNoTable(survey, source, table, columns);
  if (gap !== undefined) return gap;
  // Nothing is wrong in a table that is not there, whichever rules there were.
  if (!hasTable(survey, source, table)) return undefined;
  const others = other_tables.filter((other) => !hasTable(survey, source, other));
  if (others.length > 0)
    return others.map((other) => whyNoTable(survey, source, other)).find((one) => one !== undefined);
  const { findings } = survey;
  if (findings === undefined) return { reason: 'failed', detail: 'That survey kept no findings as data.' };
  // A rule looks everywhere, an agent where it sees fit: what it does not find again may be there all the same.
  if (rule.startsWith('agent-'))
    return { reason: 'not_asked', detail: 'It is a finding of an agent, and agents look where they see fit.' };
  if (!findings.rules.includes(rule)) return { reason: 'not_asked', detail: `The rule ${rule} did not run.` };
  return (
    findings.not_looked_at.find(
      (one) =>
        one.source === source &&
        // The rest of the table was looked at.
        one.reason !== 'left_out' &&
        (one.rule === undefined || one.rule === rule) &&
        (one.table === undefined ||
          (one.table === table && touches(one, columns, other_tables)) ||
          (one.rule === undefined && one.columns === undefined && other_tables.includes(one.table))),
    ) ?? whyNoViewColumn(survey, source, table, columns)
  );
};

/** Whether what was not looked at in a table may be what a finding is about. */
const touches = (gap: NotLookedAt, columns: readonly string[], otherTables: readonly string[]): boolean => {
  if (gap.other_table !== undefined) return otherTables.includes(gap.other_table);
  const isWhole = (gap.columns ?? []).length === 0 || columns.length === 0;
  return isWhole || columns.some((column) => gap.columns?.includes(column));
};

/** What a view shows of a table is looked at in the table, if that is surveyed too. */
const whyNoViewColumn = (
  { profile }: SurveyedRun,
  source: string,
  name: string,
  columns: readonly string[],
): Gap | undefined => {
  const { tables = [] } = profile.databases.find((one) => one.source === source) ?? {};
  const view = tables.find(({ table }) => table === name);
  if (view === undefined || !isView(view)) return undefined;
  const own = ownColumns(view, namesOf(tables));
  return columns.every((column) => own.includes(column))
    ? undefined
    : { reason: 'not_asked', detail: `The columns of the view ${name} that tables have, too, are looked at there.` };
};

/** Whether two runs looked at the same tables of a source, those aside that were not there for one of them. */
export const lookedAtSameTables = (one: SurveyedRun, other: SurveyedRun, source: string): boolean => {
  const covers = (a: SurveyedRun, b: SurveyedRun): boolean =>
    (a.profile.databases.find((database) => database.source === source)?.tables ?? []).every(
      ({ table }) => whyNoTable(b, source, table) === undefined,
    );
  return covers(one, other) && covers(other, one);
};

/** Whether a run looked at all there is in a database and at the tables given, so that no run before it can tell more. */
export const lookedAtAll = (
  survey: SurveyedRun,
  source: string,
  tables: readonly Pick<TableProfile, 'table'>[],
): boolean => {
  const { run, profile, findings } = survey;
  const asked = run.sources.find(({ name }) => name === source);
  const database = profile.databases.find((one) => one.source === source);
  return (
    asked !== undefined &&
    asked.tables === undefined &&
    database !== undefined &&
    database.failure === undefined &&
    database.failed.length === 0 &&
    !database.not_visible.some(({ what }) => what === 'table' || what === 'columns') &&
    tables.every(({ table }) => whyNoTable(survey, source, table) === undefined) &&
    // What is beyond a rule's threshold was so in the run before, too, in all likelihood. And where a run kept no findings,
    // those before it, made by older versions, did not either.
    (findings?.not_looked_at ?? []).every(
      (one) => one.source !== source || one.reason === 'too_large' || one.reason === 'left_out',
    )
  );
};
