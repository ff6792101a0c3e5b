import type { Run } from '../../src/contracts/run.ts';

/** The databases of a run, as one text. */
export const labelsOf = ({ sources }: Pick<Run, 'sources'>): string => sources.map(({ label }) => label).join(', ');
