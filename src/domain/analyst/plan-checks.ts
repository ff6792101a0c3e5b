import type { DigestDatabase, DigestTable, ProfileDigest } from '../profile-digest.ts';
import { duplicateChecks } from './checks/duplicates.ts';
import { gapChecks } from './checks/gaps.ts';
import { outlierChecks } from './checks/outliers.ts';
import { percentChecks } from './checks/percents.ts';
import { proseChecks } from './checks/personal-data.ts';
import { presenceChecks } from './checks/presence.ts';
import { referenceChecks } from './checks/references.ts';
import { spellingChecks } from './checks/spelling.ts';
import { timeChecks } from './checks/times.ts';
import { totalChecks } from './checks/totals.ts';
import type { CheckSql } from '../engines/check-sql.ts';
import { engineOf, engineSql } from '../engines/registry.ts';
import type { Check } from './finding.ts';
import { measuredTables, viewsOwnParts } from './surveyed-tables.ts';

/** A check and the database it asks. */
export type PlannedCheck = { readonly database: DigestDatabase; readonly check: Check };

/** What is asked of each table by itself. */
const ofTables: readonly ChecksOf[] = [
  proseChecks,
  duplicateChecks,
  presenceChecks,
  spellingChecks,
  outlierChecks,
  timeChecks,
  totalChecks,
  gapChecks,
  percentChecks,
];

/** What is asked of what a view computes; its rows are those of its tables. */
const ofViews: readonly ChecksOf[] = [proseChecks, presenceChecks, spellingChecks, outlierChecks, percentChecks];

type ChecksOf = (table: DigestTable, sql: CheckSql) => readonly Check[];

/**
 * The statements that a survey begins with, the most telling kind first and each kind over all tables of all databases,
 * views last, so that where a budget cuts the list every table has still been looked at. References are sought within a
 * database.
 */
export const planChecks = ({ databases }: ProfileDigest): readonly PlannedCheck[] => {
  const plan = (checksOf: (database: DigestDatabase, sql: CheckSql) => readonly Check[]): readonly PlannedCheck[] =>
    databases.flatMap((database) =>
      checksOf(database, engineSql[engineOf(database.engine)].checkSql).map((check) => ({ database, check })),
    );
  return [
    ...plan((database, sql) => referenceChecks(measuredTables(database), sql)),
    ...ofTables.flatMap((checks) =>
      plan((database, sql) => measuredTables(database).flatMap((table) => checks(table, sql))),
    ),
    ...ofViews.flatMap((checks) =>
      plan((database, sql) => viewsOwnParts(database).flatMap((view) => checks(view, sql))),
    ),
  ];
};
