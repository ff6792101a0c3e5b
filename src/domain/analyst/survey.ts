import { maxCallsPerTurn } from '../../contracts/task.ts';
import { textToResult } from '../agent/result-text.ts';
import { profileFindings } from './checks/profile-findings.ts';
import { personalColumns } from './checks/personal-data.ts';
import type { Check, Reading, Survey } from './finding.ts';
import { dropExplained } from './drop-explained.ts';
import type { Call, Move, Progress } from './move.ts';
import { planChecks } from './plan-checks.ts';
import type { Task } from './read-context.ts';
import { pythonCell, readPythonCell } from './survey-cell.ts';
import { writeCatalog } from './write-catalog.ts';

type SurveyTask = Extract<Task, { readonly kind: 'survey' }>;

/** The next move of a survey: rounds of planned statements, one round of what they gave rise to with a Python cell, the report. */
export const survey = (task: SurveyTask, progress: Progress): Move => {
  const { turn, results, mustSubmit } = progress;
  const refused = results.get(reportId);
  if (refused?.is_error === true) return { say: `The report was refused: ${refused.text.slice(0, 200)}`, calls: [] };

  const all = planChecks(task.profile);
  const planned = all.slice(0, mostPlanned(task));
  const rounds = Math.ceil(planned.length / maxCallsPerTurn);
  const first = planned.map((check, index) => ({ check, id: `check_${index + 1}` }));
  if (turn < rounds && !mustSubmit) {
    const calls = first.slice(turn * maxCallsPerTurn, (turn + 1) * maxCallsPerTurn).map(toCall);
    return { say: `Round ${turn + 1} of ${rounds}: ${calls.length} statements planned from the profile.`, calls };
  }

  const firstReadings = first.map((asked) => readCheck(asked, results));
  const further = firstReadings
    .flatMap(({ next }) => next ?? [])
    .slice(0, maxCallsPerTurn - 1)
    .map((check, index) => ({ check, id: `further_${index + 1}` }));
  if (turn === rounds && !mustSubmit) {
    const cell: Call = {
      id: cellId,
      name: 'execute_python',
      input: { code: pythonCell(task.profile, merge(firstReadings).findings) },
    };
    return {
      say: `Looking closer at ${further.length} findings, and counting again from Python.`,
      calls: [...further.map(toCall), cell],
    };
  }

  const readings = [
    ...firstReadings,
    ...further.map((asked) => readCheck(asked, results)),
    readPythonCell(task.profile, results.get(cellId)),
  ];
  const { findings, facts, personal, omitted } = merge(readings);
  const learned: Survey = {
    findings: dropExplained([...task.profile.tables.flatMap(profileFindings), ...findings]),
    facts,
    personal: [...task.profile.tables.flatMap(personalColumns), ...personal],
    omitted: [...omissions(task, all.length - planned.length, [...first, ...further], results), ...omitted],
  };
  return {
    say: 'Everything planned is answered; this is the report.',
    calls: [{ id: reportId, name: 'submit_html', input: { content: writeCatalog(task.profile, learned) } }],
  };
};

const reportId = 'report';
const cellId = 'cell';

/** Statements to plan: what the budget allows, less what the closer look and the Python cell need. */
const mostPlanned = (task: SurveyTask): number => {
  const { statements = 120, turns = 30 } = task.budget ?? {};
  return Math.max(
    0,
    Math.min(
      Math.floor(statements * 0.8) - maxCallsPerTurn - 2 * Math.min(task.profile.tables.length, 12),
      (turns - 3) * maxCallsPerTurn,
    ),
  );
};

type Asked = { readonly check: Check; readonly id: string };

const toCall = ({ check, id }: Asked): Call => ({ id, name: 'execute_sql', input: { sql: check.sql } });

const readCheck = ({ check, id }: Asked, results: Progress['results']): Reading => {
  const result = textToResult(results.get(id)?.text ?? '');
  return result === undefined ? {} : check.read(result.rows, result.evidence_id);
};

const merge = (readings: readonly Reading[]): Required<Omit<Reading, 'next'>> => ({
  findings: readings.flatMap(({ findings }) => findings ?? []),
  facts: readings.flatMap(({ facts }) => facts ?? []),
  personal: readings.flatMap(({ personal }) => personal ?? []),
  omitted: readings.flatMap(({ omitted }) => omitted ?? []),
});

const omissions = (
  task: SurveyTask,
  unplanned: number,
  asked: readonly Asked[],
  results: Progress['results'],
): readonly string[] => [
  ...task.profile.failed.map(({ table, reason }) => `${table} could not be profiled: ${reason}`),
  ...(task.profile.notice === undefined ? [] : [task.profile.notice]),
  ...(unplanned > 0 ? [`${unplanned} further statements did not fit the budget.`] : []),
  ...asked.flatMap(({ check, id }) => {
    const result = results.get(id);
    if (result === undefined) return [`${check.about}: not asked, because the budget ran low.`];
    return result.is_error ? [`${check.about}: ${result.text.slice(0, 160)}`] : [];
  }),
];
