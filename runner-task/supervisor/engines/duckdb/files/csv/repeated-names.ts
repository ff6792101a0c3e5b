import type { CsvRecord } from './parse-csv.ts';

/** Whether a record repeats the names of the columns, as files have it that were put together of several. */
export const repeatsNames = ({ fields }: CsvRecord, names: readonly string[] | undefined): boolean =>
  names !== undefined &&
  // In one column, a value may be what its name is.
  names.length > 1 &&
  fields.length === names.length &&
  // A file that was put behind another brings its byte order mark along.
  fields.every((field, index) => field === names[index] || (index === 0 && field === `\uFEFF${names[0] ?? ''}`));
