import type { RunSummary } from '../../src/contracts/run.ts';
import { printable } from './fit-text.ts';

/** The databases of a run, as one text; of a run without any, its chain. */
export const labelsOf = ({ sources, chain }: Pick<RunSummary, 'sources' | 'chain'>): string =>
  sources.length === 0 ? chain.name : sources.map(({ label }) => label).join(', ');

/** Where the reports of a run go, as it is put behind the run's name; nothing where it publishes none. */
export const placeOf = ({ s3_prefix }: Pick<RunSummary, 's3_prefix'>): string =>
  s3_prefix === undefined ? '' : ` → ${printable(s3_prefix)}`;
