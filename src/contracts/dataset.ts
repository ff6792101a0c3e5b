import * as z from 'zod';
import { Name } from './common.ts';

/** One column of a sample dataset, as its registry declares it. */
export const DatasetColumn = z.strictObject({ name: z.string(), type: z.string(), description: z.string() });
export type DatasetColumn = z.infer<typeof DatasetColumn>;

/** One file of a sample dataset: a table. */
export const DatasetTable = z.strictObject({
  name: z.string(),
  file: z.string(),
  rows: z.int().nonnegative(),
  description: z.string(),
  columns: z.array(DatasetColumn).readonly(),
});
export type DatasetTable = z.infer<typeof DatasetTable>;

/** A sample dataset as `GET /datasets/{name}/schema` shows it. */
export const DatasetSchema = z.strictObject({
  name: Name,
  title: z.string(),
  description: z.string(),
  rows: z.int().nonnegative(),
  tables: z.array(DatasetTable).readonly(),
});
export type DatasetSchema = z.infer<typeof DatasetSchema>;

/** All sample datasets, without their columns. */
export const DatasetList = z.strictObject({
  datasets: z.array(DatasetSchema.omit({ tables: true }).extend({ files: z.int().positive() })).readonly(),
});
export type DatasetList = z.infer<typeof DatasetList>;
