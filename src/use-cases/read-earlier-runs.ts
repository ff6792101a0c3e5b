import { RunProfile } from '../contracts/profile.ts';
import type { Run } from '../contracts/run.ts';
import { renameByCase } from '../domain/drift/rename-by-case.ts';
import { renameSources, type SurveyedRun } from '../domain/drift/surveyed-run.ts';
import { lookedAtAll } from '../domain/drift/why-not-looked-at.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';
import { readDocument } from './agent-documents.ts';
import { readFindings } from './read-findings.ts';

/** A run is compared with this many before it at most: each is a profile to read, of megabytes where there are many tables. */
export const maxEarlierRuns = 20;

/** What a run is compared with, newest first, and whether there would have been more. */
export type EarlierRuns = {
  readonly runs: readonly SurveyedRun[];
  readonly is_cut: boolean;
  /** Whether some of those that were read back to survey none of its databases. */
  readonly has_others: boolean;
};

/**
 * The succeeded runs before this one under its prefix that surveyed one of its databases, newest first, with their sources
 * named as in this run. Reads no further back than to runs that, together, looked at all there is in every source: usually
 * the one before is enough, and a survey of single tables is not.
 */
export const readEarlierRuns = async (
  ports: Using<{ runs: 'read' | 'previous'; documents: 'read' }>,
  run: Run,
  profile: RunProfile,
): Promise<EarlierRuns> => {
  const runs: SurveyedRun[] = [];
  let has_others = false;
  const missing = new Set(run.sources.map(({ name }) => name));
  const { publish } = run;
  if (publish === undefined) return { runs, is_cut: false, has_others };
  const before = (id: string) => ports.runs.findPrevious(run.tenant, publish.s3_prefix, id);
  let previous = await before(run.run_id);
  for (let read = 0; previous !== undefined && missing.size > 0; read += 1) {
    if (read === maxEarlierRuns) return { runs, is_cut: true, has_others };
    const survey = isShared(previous, run) ? await readSurvey(ports, previous, run, profile) : undefined;
    has_others ||= !isShared(previous, run);
    if (survey !== undefined) {
      runs.push(survey);
      for (const source of missing) {
        const now = profile.databases.find((database) => database.source === source)?.tables ?? [];
        if (lookedAtAll(survey, source, now)) missing.delete(source);
      }
    }
    previous = await before(previous.run_id);
  }
  return { runs, is_cut: false, has_others };
};

const isShared = (earlier: Run, run: Run): boolean =>
  earlier.sources.some(({ kind, label }) =>
    run.sources.some((source) => source.kind === kind && source.label === label),
  );

const readSurvey = async (
  ports: Using<{ documents: 'read' }>,
  earlier: Run,
  run: Run,
  later: RunProfile,
): Promise<SurveyedRun | undefined> => {
  const keys = runKeys(earlier.run_id);
  const profile = await readDocument(ports, run.tenant, keys.profile, RunProfile);
  if (profile === undefined) return undefined;
  const findings = await readFindings(ports, earlier);
  return renameByCase(renameSources({ run: earlier, profile, findings }, run), { profile: later });
};
