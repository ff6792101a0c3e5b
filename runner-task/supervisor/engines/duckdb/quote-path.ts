import { quoteText } from '../../../../src/domain/sql-name.ts';

/** A path as a literal that read_csv and read_parquet take for itself: they would read `*`, `?` and `[` as a pattern. */
export const quotePath = (path: string): string => quoteText(path.replaceAll(/[*?[]/g, '[$&]'));
