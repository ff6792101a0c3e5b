import type { DatasetList } from '../contracts/dataset.ts';
import { datasets } from '../domain/datasets/registry.ts';

/** The sample datasets, as the registry has them. */
export const listDatasets = (): DatasetList => ({
  datasets: datasets.map(({ schema: { tables, ...about } }) => ({ ...about, files: tables.length })),
});
