import type { Finding } from '../../contracts/finding.ts';
import type { ChangeState, FindingChange, FindingChanges } from '../../contracts/finding-change.ts';
import { type Gap, hasTable, whyNoFinding } from './why-not-looked-at.ts';
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
  return {
    ...(newest === undefined ? {} : { since: refOf(newest) }),
    without_findings: before.filter((one) => one.findings === undefined).map(refOf),
    is_cut: isCut,
    changes:
      newest === undefined
        ? []
        : [
            ...findings.map((finding) => changeOf(finding, before, newest)),
            ...missing(before, found).map((one) => endOf(one, later)),
          ],
  };
};

const byKey = ({ findings }: SurveyedRun, key: string): Finding | undefined =>
  findings?.findings.find((one) => one.key === key);

/** What has become of a finding of the later run. */
const changeOf = (finding: Finding, before: readonly SurveyedRun[], newest: SurveyedRun): FindingChange => {
  const { key } = finding;
  // The same finding may once have been made with other tables than now; who looked could have made it either way.
  const made = [finding, ...before.flatMap((one) => byKey(one, key) ?? [])];
  const whyNot = (one: SurveyedRun): Gap | undefined =>
    made.map((way) => whyNoFinding(one, way)).find((gap) => gap !== undefined);
  const looked = before.find((one) => byKey(one, key) !== undefined || whyNot(one) === undefined);
  if (looked === undefined) return { key, state: 'not_compared', ...detailOf(whyNot(newest)) };
  const was = byKey(looked, key);
  const since = refOf(looked);
  if (was === undefined) return { key, state: 'new', since };
  return { key, state: movement(was, finding), before: was.rows, since };
};

const detailOf = (gap: { readonly detail: string } | undefined): { readonly detail?: string } =>
  gap === undefined ? {} : { detail: gap.detail };

const movement = (was: Finding, is: Finding): ChangeState => {
  const isCounted = was.basis === 'exact' && is.basis === 'exact';
  const [less, more] = was.rows < is.rows ? [was.rows, is.rows] : [is.rows, was.rows];
  if (less === more || (!isCounted && more < less * estimateMoved)) return 'unchanged';
  return was.rows < is.rows ? 'grown' : 'shrunk';
};

type Missing = { readonly was: Finding; readonly survey: SurveyedRun };

/** Findings that the later run does not have: each as the newest run that looked at its place had it, unless it was gone by then. */
const missing = (before: readonly SurveyedRun[], found: ReadonlySet<string>): readonly Missing[] => {
  const all = new Map<string, Missing>();
  for (const [index, survey] of before.entries())
    for (const was of survey.findings?.findings ?? [])
      if (!found.has(was.key) && !all.has(was.key) && before.slice(0, index).every((one) => whyNoFinding(one, was)))
        all.set(was.key, { was, survey });
  return [...all.values()];
};

/** Whether a finding that the later run does not have is gone, or was not looked for. */
const endOf = ({ was, survey }: Missing, later: SurveyedRun): FindingChange => {
  const same = { key: was.key, before: was.rows, since: refOf(survey), earlier: was };
  const gap = whyNoFinding(later, was);
  if (gap !== undefined) return { ...same, state: 'not_looked_at', reason: gap.reason, detail: gap.detail };
  return { ...same, state: 'gone', ...detailOf(lostPlace(was, later)) };
};

/** The table or column that a finding went with. */
const lostPlace = (
  { place: { source, table, columns }, other_tables = [] }: Finding,
  later: SurveyedRun,
): { readonly detail: string } | undefined => {
  const dropped = [table, ...other_tables].find((one) => !hasTable(later, source, one));
  if (dropped !== undefined) return { detail: `The table ${dropped} is not there any more.` };
  const there = later.profile.databases
    .find((one) => one.source === source)
    ?.tables.find((one) => one.table === table)?.columns;
  const lost = columns.filter((column) => there?.some(({ name }) => name === column) === false);
  return lost.length === 0 ? undefined : { detail: `The column ${lost.join(', ')} is not there any more.` };
};
