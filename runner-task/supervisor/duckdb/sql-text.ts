/** A name as DuckDB reads it back, whatever characters it holds. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as a DuckDB literal. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A path as a literal that read_csv and read_parquet take for itself: they would read `*`, `?` and `[` as a pattern. */
export const quotePath = (path: string): string => quoteText(path.replaceAll(/[*?[]/g, '[$&]'));
