import { join } from 'node:path';
import type { Command } from 'commander';
import { localDatasetFiles } from '../../src/adapters/local/local-dataset-files.ts';
import { datasets, findDataset } from '../../src/domain/datasets/registry.ts';
import { loadSettings } from '../local/settings.ts';
import type { Settings } from '../local/settings.ts';
import { plural } from '../progress/number-text.ts';
import { checkDataset } from './catalog-source.ts';
import { alignColumns, terminalOf } from './terminal.ts';
import { programName } from '../program-name.ts';

/** A sample dataset that is there, and what had to be written for it. */
export type Seeded = { readonly name: string; readonly path: string; readonly written: readonly string[] };

/** Makes the files of sample datasets where they are missing or damaged. They do not depend on a running service. */
export const seedDatasets = async (settings: Settings, names: readonly string[]): Promise<readonly Seeded[]> => {
  const files = localDatasetFiles({ dir: join(settings.home, 'datasets') });
  const seeded: Seeded[] = [];
  for (const name of names) seeded.push({ name, ...(await files.seed(name)) });
  return seeded;
};

/** The names of all sample datasets. */
export const allDatasets: readonly string[] = datasets.map(({ schema }) => schema.name);

const line = ({ name, path, written }: Seeded): readonly string[] => {
  const { rows, tables } = findDataset(name).schema;
  const made = written.length === 0 ? 'was there' : `${plural(written.length, 'file')} written`;
  return [name, plural(rows, 'row'), plural(tables.length, 'table'), made, path];
};

/** `surveyor seed [dataset…]`: makes the sample datasets. */
export const registerSeed = (program: Command): void => {
  program
    .command('seed')
    .description('Make the sample datasets: the same bytes every time')
    .argument('[dataset...]', `which ones (default: all): ${allDatasets.join(', ')}`)
    .addHelpText('after', `\nExamples:\n  ${programName} seed\n  ${programName} seed support sensors`)
    .action(async (given: readonly string[], _options: object, command: Command) => {
      const names = given.length === 0 ? allDatasets : [...new Set(given)].map(checkDataset);
      const seeded = await seedDatasets(loadSettings(), names);
      terminalOf(command).print({ datasets: seeded }, () => alignColumns(seeded.map(line)));
    });
};
