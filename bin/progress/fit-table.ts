import { allocateFairly } from '../../src/domain/report/allocate-fairly.ts';
import { columns, fitText } from './fit-text.ts';

const gap = '  ';

/**
 * Rows of printable cells as aligned columns, in at most so many columns of the terminal: what has to give way are the last
 * `flexible` columns, those with most text first.
 */
export const fitTable = (
  rows: readonly (readonly string[])[],
  width: number,
  flexible: number,
  right: ReadonlySet<number> = new Set(),
): readonly string[] => {
  const natural = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => columns(row[at] ?? ''))));
  const fixed = natural.slice(0, natural.length - flexible);
  const left = width - fixed.reduce((sum, one) => sum + one + gap.length, 0) - gap.length * (flexible - 1);
  const widths = [...fixed, ...allocateFairly(natural.slice(natural.length - flexible), Math.max(0, left))];
  return rows.map((row) =>
    row
      .map((cell, at) => {
        const fitted = fitText(cell, widths[at] ?? 0);
        const blank = ' '.repeat(Math.max(0, (widths[at] ?? 0) - columns(fitted)));
        return right.has(at) ? blank + fitted : fitted + blank;
      })
      .join(gap)
      .trimEnd(),
  );
};
