import { Failure } from '../../contracts/failure.ts';
import type { Dataset } from './dataset.ts';
import { ecommerce } from './ecommerce/ecommerce.ts';
import { sensors } from './sensors/sensors.ts';
import { support } from './support/support.ts';

/** The sample datasets. */
export const datasets: readonly Dataset[] = [ecommerce, support, sensors];

/** The dataset of a name. Fails with DATASET_NOT_FOUND. */
export const findDataset = (name: string): Dataset => {
  const dataset = datasets.find(({ schema }) => schema.name === name);
  if (dataset === undefined) {
    const known = datasets.map(({ schema }) => schema.name).join(', ');
    throw new Failure('DATASET_NOT_FOUND', `There is no dataset "${name}". There are: ${known}.`, { where: 'dataset' });
  }
  return dataset;
};
