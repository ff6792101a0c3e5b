import type { Drift, DriftChange, NotCompared } from '../../contracts/drift.ts';
import type { TableProfile } from '../../contracts/profile.ts';
import { compareTables, rowsText, type TableChange } from './compare-tables.ts';
import { formatCountOf } from '../format.ts';
import { isView } from '../is-view.ts';
import { type SurveyedRun, refOf } from './surveyed-run.ts';
import { isOutsideRun, whyNoTable } from './why-not-looked-at.ts';

/**
 * What is different in the later of several runs: each table against the newest earlier run that looked at it, in the order
 * of their names. `earlier` is newest first, with the sources named as in the later run (see `renameSources`). A table that
 * a run could not see, could not measure or was not asked for is neither new nor removed: it was not looked at. `hasOthers`
 * tells of earlier runs that survey other databases alone.
 */
export const compareRuns = (later: SurveyedRun, earlier: readonly SurveyedRun[], hasOthers = false): Drift => {
  const before = earlier.filter(({ run }) => run.sources.length > 0);
  const [newest] = before;
  // Another database under the same prefix has not changed into this one.
  if (newest === undefined) return { ...(hasOthers ? { other_databases: true } : {}), changes: [], not_looked_at: [] };
  const since = refOf(newest);
  const found = later.run.sources.flatMap(({ name }) => compareSource(name, later, before));
  return {
    since,
    changes: found.flatMap(({ changes }) =>
      changes.map(({ since: own, ...change }) => (own?.run_id === since.run_id ? change : { ...change, since: own })),
    ),
    not_looked_at: found.flatMap(({ not_looked_at }) => not_looked_at),
  };
};

type Compared = { readonly changes: readonly DriftChange[]; readonly not_looked_at: readonly NotCompared[] };

const compareSource = (source: string, later: SurveyedRun, before: readonly SurveyedRun[]): readonly Compared[] => {
  const with_ = before.filter(({ run }) => run.sources.some(({ name }) => name === source));
  const failure = databaseOf(later, source)?.failure;
  if (failure !== undefined) {
    const detail = `${source} could not be opened: ${failure.message}`;
    return [notCompared({ source, by: 'this_run', reason: 'not_measured', detail })];
  }
  if (with_.length === 0) {
    const detail = `No survey before was of ${source}.`;
    return [notCompared({ source, by: 'runs_before', reason: 'not_asked', detail })];
  }
  const names = new Set([later, ...with_].flatMap((survey) => tableNames(survey, source)));
  const [outside, inside] = partition([...names].toSorted(), (table) => isOutsideRun(later, source, table));
  return [
    ...inside.map((table) => compareTable(source, table, later, with_)),
    // A run knows its own tables and no others: of those that surveys before looked at, it tells how many they are.
    ...(outside.length === 0
      ? []
      : [
          notCompared({
            source,
            tables: outside.length,
            by: 'this_run',
            reason: 'not_asked',
            detail: `${formatCountOf(outside.length, 'table')} of the surveys before ${outside.length === 1 ? 'is' : 'are'} outside this run.`,
          }),
        ]),
  ];
};

const partition = <T>(items: readonly T[], is: (item: T) => boolean): readonly [readonly T[], readonly T[]] => [
  items.filter(is),
  items.filter((item) => !is(item)),
];

const compareTable = (source: string, table: string, later: SurveyedRun, before: readonly SurveyedRun[]): Compared => {
  const gap = whyNoTable(later, source, table);
  if (gap !== undefined) return notCompared({ source, table, by: 'this_run', ...gap });
  const is = tableOf(later, source, table);
  const looked = before.find((survey) => whyNoTable(survey, source, table) === undefined);
  const [newest] = before;
  if (looked === undefined || newest === undefined) {
    const before_ = newest === undefined ? undefined : whyNoTable(newest, source, table);
    return is === undefined || before_ === undefined
      ? nothing
      : notCompared({ source, table, by: 'runs_before', ...before_ });
  }
  const was = tableOf(looked, source, table);
  const since = refOf(looked);
  const changes = (...found: readonly TableChange[]): readonly DriftChange[] =>
    found.map((change) => ({ source, ...change, since }));
  if (was === undefined)
    return {
      ...nothing,
      changes: is === undefined ? [] : changes({ kind: 'table_added', table, ...viewMark(is), after: rowsText(is) }),
    };
  if (is === undefined)
    return { ...nothing, changes: changes({ kind: 'table_removed', table, ...viewMark(was), before: rowsText(was) }) };
  return withoutHidden(changes(...compareTables(was, is)), later, looked);
};

const viewMark = (table: TableProfile): { readonly is_view?: true } => (isView(table) ? { is_view: true } : {});

const nothing: Compared = { changes: [], not_looked_at: [] };

const notCompared = (one: NotCompared): Compared => ({ changes: [], not_looked_at: [one] });

/** A column that one of the two runs may not see was neither added nor removed. */
const withoutHidden = (changes: readonly DriftChange[], later: SurveyedRun, earlier: SurveyedRun): Compared => {
  const hidden = ({ kind, source, table, column }: DriftChange): NotCompared | undefined => {
    if (column === undefined || (kind !== 'column_removed' && kind !== 'column_added')) return undefined;
    const [run, by] = kind === 'column_removed' ? [later, 'this_run' as const] : [earlier, 'runs_before' as const];
    const gap = whyNoTable(run, source, table, [column]);
    return gap === undefined ? undefined : { source, table, column, by, ...gap };
  };
  return {
    changes: changes.filter((change) => hidden(change) === undefined),
    not_looked_at: changes.flatMap((change) => hidden(change) ?? []),
  };
};

const databaseOf = ({ profile }: SurveyedRun, source: string) =>
  profile.databases.find((database) => database.source === source);

const tableOf = (survey: SurveyedRun, source: string, name: string): TableProfile | undefined =>
  databaseOf(survey, source)?.tables.find(({ table }) => table === name);

/** Every table that a run knows of: measured, failed or hidden. */
const tableNames = (survey: SurveyedRun, source: string): readonly string[] => {
  const database = databaseOf(survey, source);
  if (database === undefined) return [];
  return [
    ...[...database.tables, ...database.failed].map(({ table }) => table),
    ...database.not_visible.flatMap(({ what, name, tables }) => (what === 'table' ? (tables ?? [name]) : [])),
  ];
};
