import { Failure } from '../../contracts/failure.ts';

/** The names of the sample datasets, apart from what makes their rows: who starts a survey of one needs no more. */
export const datasetNames = ['ecommerce', 'support', 'sensors'] as const;

/** DATASET_NOT_FOUND, with the names that there are. */
export const noDataset = (name: string): Failure =>
  new Failure('DATASET_NOT_FOUND', `There is no dataset "${name}". There are: ${datasetNames.join(', ')}.`, {
    where: 'dataset',
  });
