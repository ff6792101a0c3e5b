import type { RunView } from '../../src/contracts/run.ts';
import type { Step } from '../../src/contracts/step.ts';
import { between, count, dollars, duration } from './figures.ts';
import { printable } from './fit-text.ts';
import { stepName } from './render-progress.ts';

/** Small steps that only their end makes interesting; and the compiler's own, which only a failure does. */
const isTold = (step: Step): boolean =>
  step.status === 'failed' ||
  step.kind === 'node' ||
  (step.status === 'running' ? step.kind === 'tool' : step.kind !== 'control');

const outcome = (step: Step): string => {
  if (step.status === 'failed') {
    return `failed${step.failure === undefined ? '' : `: ${printable(`${step.failure.kind}: ${step.failure.message}`)}`}`;
  }
  if (step.status === 'running') return step.detail === undefined ? 'started' : printable(step.detail);
  const took = duration(between(step.started_at, step.ended_at, new Date(step.started_at)));
  if (step.tokens === undefined) return `done in ${took}`;
  return `done in ${took}, ${count(step.tokens)} tokens, ${dollars(step.dollars ?? 0)}`;
};

const nameOf = (step: Step, steps: readonly Step[]): string => {
  if (step.kind === 'table' && step.detail !== undefined) return printable(step.detail);
  if (step.kind !== 'turn') return stepName(step);
  const turns = steps.filter(({ kind, parent_id }) => kind === 'turn' && parent_id === step.parent_id);
  return `turn ${turns.indexOf(step) + 1}`;
};

const pathOf = (step: Step, steps: readonly Step[]): string => {
  const parent = step.parent_id && steps.find(({ step_id }) => step_id === step.parent_id);
  return parent ? `${pathOf(parent, steps)} › ${nameOf(step, steps)}` : nameOf(step, steps);
};

const changedAt = (step: Step): string => step.ended_at ?? step.started_at;

/** What has begun, ended or failed between two looks at the steps of a run: a line each, for output that is no terminal. */
export const describeChanges = (view: RunView, before: readonly Step[], after: readonly Step[]): readonly string[] => {
  const known = new Map(before.map((step) => [step.step_id, step.status]));
  return after
    .filter((step) => known.get(step.step_id) !== step.status && isTold(step))
    .toSorted((a, b) => Date.parse(changedAt(a)) - Date.parse(changedAt(b)))
    .map((step) => {
      const time = duration(Date.parse(changedAt(step)) - Date.parse(view.created_at)).padStart(9);
      return `${time}  ${pathOf(step, after)}: ${outcome(step)}`;
    });
};
