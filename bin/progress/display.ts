import type { WriteStream } from 'node:tty';
import { createLogUpdate } from 'log-update';
import picocolors from 'picocolors';
import type { RunView } from '../../src/contracts/run.ts';
import type { Step } from '../../src/contracts/step.ts';
import { describeChanges } from './describe-changes.ts';
import { fitText, printable } from './fit-text.ts';
import { labelsOf, placeOf } from './labels-of.ts';
import { renderProgress } from './render-progress.ts';
import type { Colors } from './render-progress.ts';
import { sourceNotes } from './source-notes.ts';

/** Where the progress of a run is shown. */
export type Display = {
  /** A remark that stays, above what is redrawn: packages being installed, a service being found. */
  readonly note: (message: string) => void;
  readonly show: (view: RunView, steps: readonly Step[]) => void;
  /** Leaves what was shown last, and gives the terminal back. */
  readonly end: () => void;
};

/** Colours where the stream is a terminal, unless NO_COLOR, TERM=dumb or --no-color say otherwise. */
export const colorsFor = (stream: { readonly isTTY?: boolean }): Colors =>
  picocolors.createColors(stream.isTTY === true && picocolors.isColorSupported);

/** A display that is drawn over and over in place. */
const liveDisplay = (stream: WriteStream): Display => {
  const update = createLogUpdate(stream);
  const colors = colorsFor(stream);
  return {
    note: (message) => update.persist(printable(message)),
    // One column is left free: a terminal wraps a line that fills its last one.
    show: (view, steps) => update(renderProgress(view, steps, new Date(), stream.columns - 1, colors).join('\n')),
    end: () => update.done(),
  };
};

/** Of a line in a log; a statement can be thousands of letters long, and the run's steps have it all. */
const widestLine = 140;

/** A display for files, pipes and CI: one line for each thing that changed. */
const plainDisplay = (stream: NodeJS.WritableStream): Display => {
  let before: readonly Step[] | undefined;
  const told = new Set<string>();
  return {
    note: (message) => void stream.write(`${printable(message)}\n`),
    show: (view, steps) => {
      if (before === undefined) stream.write(`Surveying ${printable(labelsOf(view))}${placeOf(view)}\n`);
      for (const line of describeChanges(view, before ?? [], steps)) stream.write(`${fitText(line, widestLine)}\n`);
      for (const note of sourceNotes(view).filter((one) => !told.has(one))) {
        told.add(note);
        stream.write(`${printable(note)}\n`);
      }
      before = steps;
    },
    end: () => undefined,
  };
};

/** A display that shows nothing. */
export const silentDisplay: Display = { note: () => undefined, show: () => undefined, end: () => undefined };

/** The display that fits where the output goes. */
export const displayFor = (stream: NodeJS.WriteStream): Display =>
  stream.isTTY && process.env['TERM'] !== 'dumb' ? liveDisplay(stream) : plainDisplay(stream);
