import { maxCallsPerTurn } from '../../contracts/task.ts';
import { textToResult } from '../agent/result-text.ts';
import { formatCount } from '../report/format.ts';
import type { DigestDatabase } from '../profile-digest.ts';
import { personalColumns } from './checks/personal-data.ts';
import { profileFindings } from './checks/profile-findings.ts';
import { engineOf, engineSql } from '../engines/registry.ts';
import { dropExplained } from './drop-explained.ts';
import { type Finding, type PersonalData, type Reading, type Survey, countOf } from './finding.ts';
import type { Call, Move, Progress } from './move.ts';
import { type PlannedCheck, planChecks } from './plan-checks.ts';
import type { Task } from './read-context.ts';
import { readSurveyCell } from './read-survey-cell.ts';
import { mostTables, planCell, pythonCell } from './survey-cell.ts';
import { coverage, measuredTables, viewsOwnParts } from './surveyed-tables.ts';
import { weighCards } from './weigh-cards.ts';
import { type SurveyedDatabase, writeCatalog } from './write-catalog.ts';

type SurveyTask = Extract<Task, { readonly kind: 'survey' }>;

/** The next move of a survey: rounds of planned statements, one round of what they gave rise to with a Python cell, the report. */
export const survey = (task: SurveyTask, progress: Progress): Move => {
  const { turn, results, mustSubmit } = progress;
  const { databases } = task.profile;
  const refused = results.get(reportId);
  if (refused?.is_error === true) return { say: `The report was refused: ${refused.text.slice(0, 200)}`, calls: [] };

  const all = planChecks(task.profile);
  const planned = all.slice(0, mostPlanned(task));
  const rounds = Math.ceil(planned.length / maxCallsPerTurn);
  const first = planned.map((check, index): Asked => ({ ...check, id: `check_${index + 1}` }));
  if (turn < rounds && !mustSubmit) {
    const calls = first.slice(turn * maxCallsPerTurn, (turn + 1) * maxCallsPerTurn).map(toCall);
    return { say: `Round ${turn + 1} of ${rounds}: ${calls.length} statements planned from the profile.`, calls };
  }

  const firstReadings = first.map((asked) => readCheck(asked, results));
  const further = firstReadings
    .flatMap(({ database, reading }) => (reading.next ?? []).map((check) => ({ database, check })))
    .slice(0, maxCallsPerTurn - 1)
    .map((check, index): Asked => ({ ...check, id: `further_${index + 1}` }));
  const personalOf = (database: DigestDatabase): readonly PersonalData[] => [
    ...database.tables.flatMap(personalColumns),
    ...merge(readingsOf(database, firstReadings)).personal,
  ];
  const cellPlan = planCell(task.profile, personalOf);
  if (turn === rounds && !mustSubmit) {
    const code = pythonCell(cellPlan, databases.length > 1);
    return {
      say: `Looking closer at ${further.length} findings, and counting again from Python.`,
      calls: [...further.map(toCall), { id: cellId, name: 'execute_python', input: { code } }],
    };
  }

  const cell = readSurveyCell(cellPlan, results.get(cellId));
  const readings = [...firstReadings, ...further.map((asked) => readCheck(asked, results))];
  const surveys = databases.map((database): SurveyedDatabase => {
    const { cards, ...fromCell } = cell.of(database);
    const { findings, facts, omitted } = merge([...readingsOf(database, readings), fromCell]);
    const learned: Survey = {
      findings: dropExplained([...findingsOfProfile(database), ...findings]),
      facts,
      personal: personalOf(database),
      omitted: [...omissionsOf(database, [...first, ...further], results), ...omitted],
    };
    return { database, survey: weighCards(learned, cards) };
  });
  const omitted = [
    ...(task.profile.left_out === undefined ? [] : [task.profile.left_out]),
    ...(all.length > planned.length
      ? [`${all.length - planned.length} further statements did not fit the budget.`]
      : []),
    ...cell.omitted,
  ];
  return {
    say: 'Everything planned is answered; this is the report.',
    calls: [{ id: reportId, name: 'submit_html', input: { content: writeCatalog(surveys, omitted) } }],
  };
};

const findingsOfProfile = (database: DigestDatabase): readonly Finding[] =>
  [...measuredTables(database), ...viewsOwnParts(database)].flatMap((table) =>
    profileFindings(table, engineSql[engineOf(database.engine)].checkSql),
  );

const reportId = 'report';
const cellId = 'cell';

/** Statements to plan: what the budget allows, less what the closer look and the Python cell need. */
const mostPlanned = ({ profile, budget }: SurveyTask): number => {
  const { statements = 120, turns = 30 } = budget ?? {};
  const tables = profile.databases.reduce((sum, database) => sum + database.tables.length, 0);
  return Math.max(
    0,
    Math.min(
      Math.floor(statements * 0.8) - maxCallsPerTurn - 2 * Math.min(tables, mostTables),
      (turns - 3) * maxCallsPerTurn,
    ),
  );
};

type Asked = PlannedCheck & { readonly id: string };
type Answered = { readonly database: DigestDatabase; readonly reading: Reading };

const toCall = ({ database, check, id }: Asked): Call => ({
  id,
  name: 'execute_sql',
  input: { sql: check.sql, source: database.source },
});

const readCheck = ({ database, check, id }: Asked, results: Progress['results']): Answered => {
  const result = textToResult(results.get(id)?.text ?? '');
  return { database, reading: result === undefined ? {} : check.read(result.rows, result.evidence_id) };
};

const readingsOf = (database: DigestDatabase, answers: readonly Answered[]): readonly Reading[] =>
  answers.filter((answer) => answer.database === database).map(({ reading }) => reading);

const merge = (readings: readonly Reading[]): Required<Omit<Reading, 'next'>> => ({
  findings: readings.flatMap(({ findings }) => findings ?? []),
  facts: readings.flatMap(({ facts }) => facts ?? []),
  personal: readings.flatMap(({ personal }) => personal ?? []),
  omitted: readings.flatMap(({ omitted }) => omitted ?? []),
});

const omissionsOf = (
  database: DigestDatabase,
  asked: readonly Asked[],
  results: Progress['results'],
): readonly string[] => [
  ...notLookedAt(database),
  ...notMeasured(database),
  ...(database.not_visible ?? []).map(
    ({ what, names, more, detail }) =>
      `Not visible to the role, so neither there nor absent: ${what} of ${names.join(', ')}${more === undefined ? '' : ` and ${more} more`}. ${detail}`,
  ),
  ...asked
    .filter((one) => one.database === database)
    .flatMap(({ check, id }) => {
      const result = results.get(id);
      if (result === undefined) return [`${check.about}: not asked, because the budget ran low.`];
      return result.is_error ? [`${check.about}: ${readerText(result.text)}`] : [];
    }),
];

/** An answer begins with the kind of its failure, which is for programs. */
const readerText = (text: string): string => (text.split('\n')[0] ?? '').replace(/^[A-Z_]+: /, '').slice(0, 160);

const notLookedAt = (database: DigestDatabase): readonly string[] => {
  const { looked, all } = coverage(database);
  if (looked === all) return [];
  return [
    `No check looked at ${formatCount(all - looked)} of the ${formatCount(all)} tables and views, because there are too many to weigh them all. What was measured of them stands in the columns of this report.`,
  ];
};

const notMeasured = ({ failed, all }: DigestDatabase): readonly string[] => {
  const more = (all?.failed ?? failed.length) - failed.length;
  return [
    ...failed.map(({ table, reason }) => `${table} could not be measured: ${reason}`),
    ...(more > 0 ? [`${countOf(more, 'more table')} could not be measured.`] : []),
  ];
};
