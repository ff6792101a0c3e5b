import type { ProfileDigest } from '../profile-digest.ts';
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
import type { Check } from './finding.ts';

/**
 * The statements that a survey begins with, the most telling kind first and each kind over all tables, so that where a
 * budget cuts the list every table has still been looked at.
 */
export const planChecks = (digest: ProfileDigest): readonly Check[] => {
  const tables = digest.tables.filter(
    ({ rows, columns }) => rows.count > 0 && columns.some(({ nulls }) => nulls !== undefined),
  );
  const kinds = [
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
  return [...referenceChecks(tables), ...kinds.flatMap((checksOf) => tables.flatMap(checksOf))];
};
