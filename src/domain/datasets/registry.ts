import { noDataset } from './dataset-names.ts';
import type { Dataset } from './dataset.ts';
import { ecommerce } from './ecommerce/ecommerce.ts';
import { sensors } from './sensors/sensors.ts';
import { support } from './support/support.ts';

/** The sample datasets. */
export const datasets: readonly Dataset[] = [ecommerce, support, sensors];

/** The dataset of a name. Fails with DATASET_NOT_FOUND. */
export const findDataset = (name: string): Dataset => {
  const dataset = datasets.find(({ schema }) => schema.name === name);
  if (dataset === undefined) throw noDataset(name);
  return dataset;
};
