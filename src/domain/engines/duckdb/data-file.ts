const ending = /\.(?:(csv|tsv|csv\.gz|tsv\.gz)|parquet)$/i;

/** Whether a file is one that can be a table, by its name. Hidden files are none. */
export const isDataFile = (name: string): boolean => ending.test(name) && !name.startsWith('.');

/** A data file's name without its ending. */
export const dataFileStem = (name: string): string => name.replace(ending, '');
