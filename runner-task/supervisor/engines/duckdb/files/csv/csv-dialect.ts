/** How the fields and lines of a CSV file are told apart. */
export type CsvDialect = {
  /** Empty where each line is one field. */
  readonly delimiter: string;
  readonly quote: '"' | "'";
  /** How a quote is written within quotes: as two, or after a backslash. */
  readonly escape: 'doubled' | 'backslash';
  /** `cr` in files of which no line ends otherwise, `any` where either sign ends lines; with `lf`, CR LF ends one, too. */
  readonly line_end: 'lf' | 'cr' | 'any';
};

/** Delimiters in the order of their likelihood. */
export const delimiters = [',', ';', '\t', '|', '^', '~', '\u001F', ':', ' '] as const;

/** Those of which a text is seldom full: a name that holds one is likely to be several. */
export const plainDelimiters: readonly string[] = [',', ';', '\t', '|'];
