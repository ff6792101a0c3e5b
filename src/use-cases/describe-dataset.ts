import type { DatasetSchema } from '../contracts/dataset.ts';
import { findDataset } from '../domain/datasets/registry.ts';

/** The tables and columns of a sample dataset. Fails with DATASET_NOT_FOUND. */
export const describeDataset = (name: string): DatasetSchema => findDataset(name).schema;
