/** How a data file is read. */
export type DataFormat = 'csv' | 'parquet' | 'json' | 'excel';

const endings: Readonly<Record<DataFormat, RegExp>> = {
  csv: /\.(?:csv|tsv)(?:\.(?:gz|zst))?$/i,
  parquet: /\.parquet$/i,
  json: /\.(?:json|ndjson|jsonl)(?:\.(?:gz|zst))?$/i,
  excel: /\.xls[xm]$/i,
};
const formats: readonly DataFormat[] = ['csv', 'parquet', 'json', 'excel'];

/** The endings that data files have, for a message. */
export const dataFileEndings =
  '.csv, .tsv, .json, .ndjson, .jsonl (each also with .gz or .zst), .parquet, .xlsx or .xlsm';

/** How a file is read by its name; undefined where it is no data file. Hidden files are none, nor what Excel keeps beside a workbook that is open. */
export const dataFileFormat = (name: string): DataFormat | undefined =>
  /^\.|^~\$/.test(name) ? undefined : formats.find((format) => endings[format].test(name));

/** Whether a file is one that can be a table, by its name. */
export const isDataFile = (name: string): boolean => dataFileFormat(name) !== undefined;

/** A data file's name without its ending. */
export const dataFileStem = (name: string): string =>
  formats.reduce((stem, format) => (stem === name ? name.replace(endings[format], '') : stem), name);
