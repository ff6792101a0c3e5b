import type { FailureReport } from '../../contracts/failure-report.ts';
import type { Findings, NotLookedAt, TableFindings } from '../../contracts/finding.ts';
import type { DatabaseProfile, RunProfile } from '../../contracts/profile.ts';
import type { NotVisible } from '../../contracts/schema.ts';
import { formatCountOf } from '../format.ts';
import { readerText } from '../reader-advice.ts';
import { bySeverity } from './by-severity.ts';

/** What the rules and the states before them left of a run. */
export type CheckedRun = {
  readonly rules: readonly string[];
  readonly profile: RunProfile;
  /** Of each table whose check came to its end. */
  readonly checked: readonly TableFindings[];
  /** The tables whose check did not. */
  readonly failed: readonly { readonly source: string; readonly table: string; readonly failure: FailureReport }[];
  /** How many tables of each source the run was not asked for. */
  readonly not_asked: readonly { readonly source: string; readonly tables: number }[];
};

/** All findings of a run as one document, the gravest first, and all that nobody looked at, by name. */
export const mergeFindings = ({ rules, profile, checked, failed, not_asked }: CheckedRun): Findings => {
  return {
    rules,
    findings: checked.flatMap((table) => table.findings).toSorted(bySeverity),
    relationships: checked.flatMap(({ relationships }) => relationships),
    keys: checked.flatMap(({ keys }) => keys),
    facts: checked.flatMap(({ facts }) => facts),
    not_looked_at: [
      ...profile.databases.flatMap(notMeasured),
      ...failed.map(({ source, table, failure }): NotLookedAt => ({
        source,
        table,
        reason: 'failed',
        detail: `The checks of ${table} broke off: ${readerText(failure)}`,
      })),
      ...checked.flatMap((table) => table.not_looked_at),
      ...not_asked.map(({ source, tables }): NotLookedAt => ({
        source,
        tables,
        reason: 'not_asked',
        detail: `${formatCountOf(tables, 'table')} of ${source} ${tables === 1 ? 'is' : 'are'} outside this run.`,
      })),
    ],
  };
};

const notMeasured = ({ source, failure, failed, not_visible, tables }: DatabaseProfile): readonly NotLookedAt[] => [
  ...(failure === undefined
    ? []
    : [
        {
          source,
          reason: 'failed' as const,
          detail: `${source} could not be opened: ${readerText(failure)}`,
        },
      ]),
  ...failed.map((one): NotLookedAt => ({
    source,
    table: one.table,
    reason: 'not_measured',
    detail: `${one.table} could not be measured: ${readerText(one.failure)}`,
  })),
  ...not_visible.flatMap((hidden) => notVisible(source, hidden)),
  ...tables.flatMap(({ table, schema: { notes = [] } }) =>
    notes
      .filter(({ kind }) => kind === 'left_out')
      .map(({ columns, detail }): NotLookedAt => ({
        source,
        table,
        ...(columns === undefined ? {} : { columns }),
        reason: 'left_out',
        detail: `${table}: ${detail}`,
      })),
  ),
];

/** Keys, statistics and comments that cannot be seen take no row and no column from the rules. */
const notVisible = (
  source: string,
  { what, name, tables = [name], columns = [], detail }: NotVisible,
): readonly NotLookedAt[] => {
  switch (what) {
    case 'table':
      return tables.map((table) => ({ source, table, reason: 'not_visible', detail }));
    case 'columns':
      return [{ source, table: name, columns, reason: 'not_visible', detail }];
    case 'constraints':
    case 'statistics':
    case 'comments':
      return [];
  }
};
