/** Tables up to this size are measured whole: quantiles, top values and shapes of 200,000 rows take a few seconds at most. */
export const largestWholeTable = 200_000;

/** Bars of a histogram. */
export const histogramBins = 20;

/** The most frequent values that are kept of each column. */
export const topValues = 10;

/** Characters of a text that are shown. */
export const shownCharacters = 200;

/** Beyond this the square of a value overflows a double, and engines fail the whole statement instead of saying infinity. */
export const greatestSquarable = 1e150;

/** The shares of the values below which a quantile lies, by its name. */
export const quantilePoints = { p01: 0.01, p05: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95, p99: 0.99 } as const;

/**
 * Characters of one statement: a supervisor refuses those of more than 200,000. A name may have any length, and occurs
 * often. Three hundred columns, even of doubles alone, with names of forty characters stay below; of longer names a table
 * takes more statements.
 */
export const charactersPerStatement = 199_000;
