import { commandLine } from '../command-advice.ts';
import type { Run } from '../../src/contracts/run.ts';

/** A line for each database that the run went on without. */
export const sourceNotes = ({ sources }: Pick<Run, 'sources'>): readonly string[] =>
  sources.flatMap(({ name, label, failure }) =>
    failure === undefined || sources.length === 1
      ? []
      : [`${name} (${label}) was not surveyed: ${commandLine(failure)}`],
  );
