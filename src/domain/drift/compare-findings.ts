import type { Finding } from '../../contracts/finding.ts';
import type { ChangeState } from '../../contracts/change-state.ts';
import type { FindingChange, FindingChanges } from '../../contracts/finding-change.ts';
import { isView } from '../is-view.ts';
import { type Gap, hasTable, isOutsideRun, lookedAtSameTables, whyNoFinding } from './why-not-looked-at.ts';
import { isSamplingError, whyMissedBySample } from './sampling-error.ts';
import { type SurveyedRun, refOf } from './surveyed-run.ts';

/** Two estimates of the same rows lie apart; only from half as many more on is one of them taken for a change. */
const estimateMoved = 1.5;

/**
 * What has become of each finding since the newest earlier run that looked at its place. `earlier` is newest first, with the
 * sources named as in the later run (see `renameSources`); runs that share no database with it play no part.
 */
export const compareFindings = (later: SurveyedRun, earlier: readonly SurveyedRun[], isCut = false): FindingChanges => {
  const before = earlier.filter(({ run }) => run.sources.length > 0);
  const [newest] = before;
  const findings = later.findings?.findings ?? [];
  const found = new Set(findings.map(({ key }) => key));
  const whyNot = whyNotComparable();
  const ends = endsOf(later, before, found, whyNot);
  const outside = ends.filter((end) => isOutside(later, end)).length;
  return {
    ...(newest === undefined ? {} : { since: refOf(newest) }),
    without_findings: before.filter((one) => one.findings === undefined).map(refOf),
    is_cut: isCut,
    changes:
      newest === undefined
        ? []
        : [
            ...findings.map((finding) => changeOf(finding, later, before, newest, whyNot)),
            ...ends.filter((end) => !isOutside(later, end)),
          ],
    ...(outside === 0 ? {} : { outside }),
  };
};

/** Whether an earlier finding rests on a table that this run was not given: it is counted, and no word of it told. */
const isOutside = (later: SurveyedRun, { earlier }: FindingChange): boolean =>
  earlier !== undefined &&
  [earlier.place.table, ...(earlier.other_tables ?? [])].some((table) =>
    isOutsideRun(later, earlier.place.source, table),
  );

/** Why that a run does not have a finding of another run says nothing; undefined where it says that it is not there. */
type WhyNot = (run: SurveyedRun, finding: Finding, has: SurveyedRun) => Gap | undefined;

const whyNotComparable = (): WhyNot => {
  const known = new Map<string, boolean>();
  const sameTables = (one: SurveyedRun, other: SurveyedRun, source: string): boolean => {
    const key = [one.run.run_id, other.run.run_id, source].join(' ');
    const is = known.get(key) ?? lookedAtSameTables(one, other, source);
    known.set(key, is);
    return is;
  };
  return (run, finding, has) => {
    const gap = whyNoFinding(run, finding) ?? whyMissedBySample(run, finding, has);
    const { place, other_tables = [] } = finding;
    const isAlone = other_tables.length === 0;
    if (gap !== undefined || isAlone || !hasTables(run, finding) || sameTables(run, has, place.source)) return gap;
    // Which table a column points at is guessed among those there are; among others it would be guessed otherwise.
    return { reason: 'not_asked', detail: 'The two surveys did not look at the same tables, on which this rests.' };
  };
};

const hasTables = (run: SurveyedRun, { place: { source, table }, other_tables = [] }: Finding): boolean =>
  [table, ...other_tables].every((one) => hasTable(run, source, one));

const byKey = ({ findings }: SurveyedRun, key: string): Finding | undefined =>
  findings?.findings.find((one) => one.key === key);

/** What has become of a finding of the later run. */
const changeOf = (
  finding: Finding,
  later: SurveyedRun,
  before: readonly SurveyedRun[],
  newest: SurveyedRun,
  whyNot: WhyNot,
): FindingChange => {
  const { key } = finding;
  // The same finding may once have been made with other tables than now; who looked could have made it either way.
  const made = [finding, ...before.flatMap((one) => byKey(one, key) ?? [])];
  const why = (one: SurveyedRun): Gap | undefined =>
    made.map((way) => whyNot(one, way, later)).find((gap) => gap !== undefined);
  const looked = before.find((one) => byKey(one, key) !== undefined || why(one) === undefined);
  if (looked === undefined) return { key, state: 'not_compared', ...detailOf(why(newest)) };
  const was = byKey(looked, key);
  const since = refOf(looked);
  if (was === undefined) return { key, state: 'new', since };
  return { key, state: movement(was, looked, finding, later), before: was.rows, since };
};

const detailOf = (gap: { readonly detail: string } | undefined): { readonly detail?: string } =>
  gap === undefined ? {} : { detail: gap.detail };

const movement = (was: Finding, before: SurveyedRun, is: Finding, later: SurveyedRun): ChangeState => {
  const isCounted = was.basis === 'exact' && is.basis === 'exact';
  const [less, more] = was.rows < is.rows ? [was.rows, is.rows] : [is.rows, was.rows];
  if (less === more || (!isCounted && more < less * estimateMoved)) return 'unchanged';
  if (!isCounted && isSamplingError(was, before, is, later) === true) return 'unchanged';
  return was.rows < is.rows ? 'grown' : 'shrunk';
};

/**
 * What has become of the findings that the later run does not have. One is gone if, of the runs that had it, there is one
 * that it can be compared with, and if it was not gone before; where there is none such, nobody has looked.
 */
const endsOf = (
  later: SurveyedRun,
  before: readonly SurveyedRun[],
  found: ReadonlySet<string>,
  whyNot: WhyNot,
): readonly FindingChange[] => {
  const ends = new Map<string, FindingChange | undefined>();
  const isOpen = (key: string): boolean =>
    !found.has(key) && (!ends.has(key) || ends.get(key)?.state === 'not_looked_at');
  for (const [index, survey] of before.entries()) {
    for (const was of survey.findings?.findings ?? []) {
      const { key } = was;
      if (!isOpen(key)) continue;
      const wasGone = before
        .slice(0, index)
        .some((one) => byKey(one, key) === undefined && whyNot(one, was, survey) === undefined);
      const gap = whyNot(later, was, survey);
      const same = { key, before: was.rows, since: refOf(survey), earlier: was };
      if (wasGone) ends.set(key, undefined);
      else if (gap === undefined) ends.set(key, { ...same, ...endOf(was, survey, later) });
      else if (!ends.has(key))
        ends.set(key, { ...same, state: 'not_looked_at', reason: gap.reason, detail: gap.detail });
    }
  }
  return [...ends.values()].filter((end) => end !== undefined);
};

/** How a finding ended: by itself, or with the table or column that it was about. */
const endOf = (
  { place: { source, table, columns }, other_tables = [] }: Finding,
  had: SurveyedRun,
  later: SurveyedRun,
): Pick<FindingChange, 'state' | 'detail'> => {
  const tablesOf = ({ profile }: SurveyedRun) => profile.databases.find((one) => one.source === source)?.tables ?? [];
  const dropped = [table, ...other_tables].find((one) => !hasTable(later, source, one));
  if (dropped !== undefined) {
    const was = tablesOf(had).find((one) => one.table === dropped);
    const noun = was !== undefined && isView(was) ? 'view' : 'table';
    return { state: 'dropped', detail: `The ${noun} ${dropped} is not there any more.` };
  }
  const there = tablesOf(later).find((one) => one.table === table)?.columns;
  const lost = columns.filter((column) => there?.some(({ name }) => name === column) === false);
  if (lost.length === 0) return { state: 'gone' };
  const detail =
    lost.length === 1
      ? `The column ${lost.join()} is not there any more.`
      : `The columns ${lost.join(', ')} are not there any more.`;
  return { state: 'dropped', detail };
};
