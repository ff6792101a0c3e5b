import { commandLine } from '../command-advice.ts';
import type { RunView } from '../../src/contracts/run.ts';
import type { Step } from '../../src/contracts/step.ts';
import { between, count, dollars, duration } from './number-text.ts';
import { printable } from './fit-text.ts';
import { stepDetail, stepName } from './render-progress.ts';

/**
 * Whether a step as it now is gets a line. Nodes do when they begin and when they end, tables, checks and turns when they end, a
 * tool call when it is first seen and again only if it failed; the compiler's own states only if they failed.
 */
const isTold = (step: Step, before: Step['status'] | undefined): boolean => {
  if (step.status === before) return false;
  if (step.status === 'failed') return true;
  switch (step.kind) {
    case 'node':
    case 'question':
    case 'script':
    case 'approval':
    case 'wait':
      return true;
    case 'tool':
      return before === undefined;
    case 'turn':
    case 'table':
    case 'check':
      return step.status === 'succeeded';
    case 'control':
      return false;
  }
};

const outcome = (step: Step): string => {
  if (step.status === 'failed') {
    return `failed${step.failure === undefined ? '' : `: ${printable(commandLine(step.failure))}`}`;
  }
  const what = step.kind === 'tool' || step.kind === 'wait' ? printable(step.detail ?? '') : '';
  if (step.status === 'running') return what || 'started';
  const took = duration(between(step.started_at, step.ended_at, new Date(step.started_at)));
  const cost = step.tokens ? `, ${count(step.tokens)} tokens, ${dollars(step.dollars ?? 0)}` : '';
  return what === '' ? `done in ${took}${cost}` : `${what} (${took})`;
};

const nameOf = (step: Step, steps: readonly Step[], view: RunView): string => {
  if ((step.kind === 'table' || step.kind === 'check') && step.detail !== undefined) return stepDetail(step, view);
  if (step.kind !== 'turn') return stepName(step);
  const turns = steps.filter(({ kind, parent_id }) => kind === 'turn' && parent_id === step.parent_id);
  // One that is tried again after a wait is still the same turn.
  const upToHere = turns.slice(0, turns.indexOf(step) + 1);
  return `turn ${upToHere.filter((one) => (one.try ?? 1) === 1).length}`;
};

const pathOf = (step: Step, steps: readonly Step[], view: RunView): string => {
  const parent = step.parent_id && steps.find(({ step_id }) => step_id === step.parent_id);
  const name = nameOf(step, steps, view);
  return parent ? `${pathOf(parent, steps, view)} › ${name}` : name;
};

const changedAt = (step: Step): string => step.ended_at ?? step.started_at;

/** By time; within a millisecond ends go before beginnings, parts before the whole that ends with them. */
const inOrder = (a: Step, b: Step): number => {
  const later = Date.parse(changedAt(a)) - Date.parse(changedAt(b));
  if (later !== 0) return later;
  const [aRuns, bRuns] = [a.status === 'running', b.status === 'running'];
  if (aRuns !== bRuns) return aRuns ? 1 : -1;
  return (a.step_id < b.step_id ? -1 : 1) * (aRuns ? 1 : -1);
};

/** What has begun, ended or failed between two looks at the steps of a run: a line each, for output that is no terminal. */
export const describeChanges = (view: RunView, before: readonly Step[], after: readonly Step[]): readonly string[] => {
  const known = new Map(before.map((step) => [step.step_id, step.status]));
  return after
    .filter((step) => isTold(step, known.get(step.step_id)))
    .toSorted(inOrder)
    .map((step) => {
      const time = duration(Date.parse(changedAt(step)) - Date.parse(view.created_at)).padStart(9);
      return `${time}  ${pathOf(step, after, view)}: ${outcome(step)}`;
    });
};
