import { commandLine } from '../command-advice.ts';
import picocolors from 'picocolors';
import type { RunView } from '../../src/contracts/run.ts';
import type { Step } from '../../src/contracts/step.ts';
import { between, count, dollars, duration, plural, tokensOf } from './number-text.ts';
import { columns, fitText, printable } from './fit-text.ts';
import { labelsOf, placeOf } from './labels-of.ts';
import { sourceNotes } from './source-notes.ts';

/** The colours of a terminal, or none. */
export type Colors = ReturnType<typeof picocolors.createColors>;

type Segment = readonly [text: string, style?: ((text: string) => string) | undefined];

const plain = picocolors.createColors(false);
const widestName = 24;

/** The steps of a chain's own level that people watch: its nodes, and what the compiler added while it runs or where it failed. */
const isShown = (step: Step): boolean =>
  step.parent_id === undefined && (step.kind !== 'control' || step.status !== 'succeeded');

/** A state's name without the prefix that marks generated ones. */
export const stepName = (step: Step): string => printable(step.name.replace(/^_/, ''));

/** What a step works on: a table, a statement, code; a table with its database where the run has several. */
export const stepDetail = (step: Step, { sources }: Pick<RunView, 'sources'>): string => {
  const detail = printable(step.detail ?? '');
  return step.source === undefined || sources.length === 1 ? detail : `${step.source} › ${detail}`;
};

const byParent = (steps: readonly Step[]): ReadonlyMap<string | undefined, readonly Step[]> =>
  Map.groupBy(steps, (step) => step.parent_id);

/** What a node has come to so far: its tables or its turns, or why it failed. */
const summarize = (step: Step, children: readonly Step[], measured: number): string => {
  if (step.failure !== undefined) return printable(commandLine(step.failure));
  const checked = children.filter((child) => child.kind === 'check' && child.status !== 'running').length;
  // A Map tells of no table that it has not begun with, but every table that was measured is checked.
  if (children.some((child) => child.kind === 'check')) return `checking ${checked} of ${plural(measured, 'table')}`;
  const tables = children.filter((child) => child.kind === 'table');
  const turns = children.filter((child) => child.kind === 'turn' && (child.try ?? 1) === 1).length;
  if (turns > 0) return step.status === 'running' ? `turn ${turns}` : plural(turns, 'turn');
  if (tables.length === 0) return step.kind === 'control' ? printable(step.detail ?? '') : '';
  const done = tables.filter((table) => table.status !== 'running').length;
  const failed = tables.filter((table) => table.status === 'failed').length;
  const all = step.status === 'running' ? `${done} of ${plural(tables.length, 'table')}` : plural(done, 'table');
  return failed > 0 ? `${all}, ${failed} failed` : all;
};

/** What a running node is at, now: a table being measured, a statement or code being run, the model being waited for. */
const activity = (child: Step, view: RunView, colors: Colors): readonly Segment[] => {
  const detail = stepDetail(child, view);
  if (child.kind === 'turn') return [['      waiting for the model', colors.dim]];
  if (child.kind === 'tool')
    return [
      [`      ${stepName(child)}`, colors.cyan],
      [` ${detail}`, colors.dim],
    ];
  return [[`      ${detail || stepName(child)}`, colors.dim]];
};

/** Joins pieces of text into one line of at most so many columns, and only then gives them their colours. */
const paint = (segments: readonly Segment[], width: number): string => {
  let left = width;
  let line = '';
  for (const [text, style = String] of segments) {
    const fitted = fitText(text, left);
    left -= columns(fitted);
    line += fitted === '' ? '' : style(fitted);
    if (fitted !== text) break;
  }
  return line;
};

const marks = { running: '●', succeeded: '✓', failed: '✗' } as const;

/**
 * How a run stands, as lines for a terminal of the given width: the nodes and their states, what is being worked on, and
 * the time, tokens and dollars so far.
 */
export const renderProgress = (
  view: RunView,
  steps: readonly Step[],
  now: Date,
  width: number,
  colors: Colors = plain,
): readonly string[] => {
  const children = byParent(steps);
  const shown = steps.filter(isShown);
  const measured = steps.filter(({ kind, status }) => kind === 'table' && status === 'succeeded').length;
  const nameWidth = Math.min(widestName, Math.max(0, ...shown.map((step) => columns(stepName(step)))));
  const styles = { running: colors.cyan, succeeded: colors.green, failed: colors.red } as const;

  const lines = shown.flatMap((step) => {
    const own = children.get(step.step_id) ?? [];
    const name = fitText(stepName(step), nameWidth);
    const time = duration(between(step.started_at, step.ended_at, now));
    const line: readonly Segment[] = [
      ['  '],
      [marks[step.status], styles[step.status]],
      [` ${name}${' '.repeat(nameWidth - columns(name))}  `, step.status === 'running' ? colors.bold : undefined],
      [time.padStart(9), colors.dim],
      [`  ${summarize(step, own, measured)}`, step.status === 'failed' ? colors.red : undefined],
    ];
    const busy = step.status === 'running' ? own.filter((child) => child.status === 'running') : [];
    return [paint(line, width), ...busy.map((child) => paint(activity(child, view, colors), width))];
  });

  const tokens = view.agents.reduce((sum, agent) => sum + tokensOf(agent.usage), 0);
  const spent = view.agents.reduce((sum, agent) => sum + agent.usage.dollars, 0);
  const elapsed = duration(between(view.created_at, view.ended_at, now));
  return [
    paint([['Surveying '], [printable(labelsOf(view)), colors.bold], [placeOf(view), colors.dim]], width),
    ...lines,
    ...sourceNotes(view).map((note) => paint([[`  ${printable(note)}`, colors.red]], width)),
    paint([[`  ${elapsed} · ${count(tokens)} tokens · ${dollars(spent)}`, colors.dim]], width),
  ];
};
