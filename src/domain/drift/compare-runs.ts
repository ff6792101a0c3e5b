import type { DriftChange, RunProfile } from '../../contracts/profile.ts';
import type { Run } from '../../contracts/run.ts';
import { compareProfiles } from './compare-profiles.ts';

/** A run and what it measured. */
export type MeasuredRun = { readonly run: Pick<Run, 'sources'>; readonly profile: RunProfile };

/**
 * What is different in the later of two runs, database by database. Databases are the same by kind and label, whatever
 * they are called; one that only one of the runs surveyed, or could not open, is passed over. Undefined where the runs
 * have no database in common: another database under the same prefix has not changed into this one.
 */
export const compareRuns = (before: MeasuredRun, after: MeasuredRun): readonly DriftChange[] | undefined => {
  const pairs = after.run.sources.flatMap((source) => {
    const was = before.run.sources.find(({ kind, label }) => kind === source.kind && label === source.label);
    const old = before.profile.databases.find(({ source: name }) => name === was?.name);
    const now = after.profile.databases.find(({ source: name }) => name === source.name);
    if (was === undefined || old === undefined || now === undefined) return [];
    if (old.failure !== undefined || now.failure !== undefined) return [];
    return [compareProfiles(old, now, { before: was.tables, after: source.tables })];
  });
  return pairs.length === 0 ? undefined : pairs.flat();
};
