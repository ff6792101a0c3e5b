import type { Finding } from '../../contracts/finding.ts';
import type { TableProfile } from '../../contracts/profile.ts';
import type { Gap } from './why-not-looked-at.ts';
import type { SurveyedRun } from './surveyed-run.ts';

/**
 * A sample misses a flaw with a chance of at most e^-14, one in a million, where so many of its rows would show it. A run may
 * have thousands of findings, so one in a thousand would be too often.
 */
const rowsNotMissed = 14;
/** Standard errors that two estimates of the same lie apart at most: with 5, one pair in a million lies further. */
const maxErrors = 5;
/** Rows that are drawn together and may share a flaw: DuckDB draws vectors of 2,048, the others pages or ranges of about 100. */
const rowsADraw = { random: 1, bernoulli: 1, duckdb: 2_048, other: 100 } as const;
/** Rules for which one row is enough: all others have a share that must be reached, which another sample may just miss. */
const oneRowIsEnough: ReadonlySet<string> = new Set(['blank-text', 'not-a-number']);

const tableOf = ({ profile }: SurveyedRun, { place }: Pick<Finding, 'place'>): TableProfile | undefined =>
  profile.databases.find(({ source }) => source === place.source)?.tables.find(({ table }) => table === place.table);

const isEstimated = ({ basis }: Finding): boolean => basis === 'sample' || basis === 'planner';

/** As many rows drawn one by one as tell what those of the sample do. A beginning of a table tells nothing of the rest. */
const drawnRows = (
  survey: SurveyedRun,
  { sample }: TableProfile,
  { place, of = Infinity }: Finding,
): number | undefined => {
  if (sample === undefined) return undefined;
  if (sample.method === 'first rows') return 0;
  const engine = survey.profile.databases.find(({ source }) => source === place.source)?.engine;
  const together =
    sample.method === 'random' || sample.method === 'bernoulli'
      ? rowsADraw.random
      : rowsADraw[engine === 'duckdb' || engine === 'files' ? 'duckdb' : 'other'];
  return Math.min(sample.rows, of) / together;
};

const shareOf = ({ rows, of }: Finding, table: TableProfile): number =>
  Math.min(1, rows / Math.max(1, of ?? table.rows.count));

/** Whether the schema has the rule look at all rows of these columns: a key or reference that the database declares. */
const isDeclared = ({ basis, rule, place }: Finding, { schema }: TableProfile): boolean =>
  basis === 'exact' &&
  (rule === 'orphan' || rule === 'duplicate-key') &&
  schema.constraints.some(
    ({ columns }) => columns.length === place.columns.length && columns.every((one, at) => one === place.columns[at]),
  );

/**
 * Why that a run does not have a finding which another has says nothing: one of the two measured a sample of the table,
 * drawn anew each time, and there are too few of its rows for each sample to hold some.
 */
export const whyMissedBySample = (run: SurveyedRun, finding: Finding, has: SurveyedRun): Gap | undefined => {
  const [missing, holding] = [tableOf(run, finding), tableOf(has, finding)];
  if (missing === undefined || holding === undefined) return undefined;
  if (missing.sample === undefined && !isEstimated(finding)) return undefined;
  if (isDeclared(finding, missing)) return undefined;
  const drawn = drawnRows(run, missing, finding) ?? drawnRows(has, holding, finding) ?? 0;
  if (oneRowIsEnough.has(finding.rule) && shareOf(finding, holding) * drawn >= rowsNotMissed) return undefined;
  return {
    reason: 'not_measured',
    detail: `${finding.place.table} was measured by a sample of its rows, drawn anew for each survey, which may hold this or not.`,
  };
};

/** Whether sampling explains that a finding has other numbers of rows in two runs. Undefined where neither tells its sample. */
export const isSamplingError = (
  was: Finding,
  before: SurveyedRun,
  is: Finding,
  later: SurveyedRun,
): boolean | undefined => {
  const sides = [estimateOf(was, before), estimateOf(is, later)];
  const [one, other] = sides;
  if (one === undefined || other === undefined || sides.every((side) => side?.drawn === undefined)) return undefined;
  // Were both of one population, its share would lie between, nearer to the one that looked at more rows.
  const weights = [one, other].map(({ drawn = Infinity }) => drawn);
  const [a = 0, b = 0] = weights;
  const share =
    a === Infinity ? one.share : b === Infinity ? other.share : (one.share * a + other.share * b) / Math.max(1, a + b);
  const error = Math.sqrt(
    [one, other].reduce(
      (sum, { drawn, total }) =>
        sum + (drawn === undefined ? 0 : (total ** 2 * Math.max(share * (1 - share), 1 / Math.max(1, drawn))) / drawn),
      0,
    ),
  );
  return !(Math.abs(one.share * one.total - other.share * other.total) > maxErrors * error);
};

type Estimate = { readonly share: number; readonly total: number; readonly drawn?: number | undefined };

/** The share of a finding, of how many rows, and how many were drawn; none where all were counted. */
const estimateOf = (finding: Finding, survey: SurveyedRun): Estimate | undefined => {
  const table = tableOf(survey, finding);
  if (table === undefined) return undefined;
  const drawn = isEstimated(finding) ? drawnRows(survey, table, finding) : undefined;
  return { share: shareOf(finding, table), total: table.rows.count, drawn };
};
