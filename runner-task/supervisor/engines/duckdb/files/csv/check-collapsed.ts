import { FileProblem } from '../file-loader.ts';
import { plainDelimiters } from './csv-dialect.ts';

/** So many lines have to be alike for columns to be seen in them. */
const minAlikeShare = 0.9;

const alike = (texts: readonly string[], name: string, fieldsOf: (text: string) => number): boolean =>
  fieldsOf(name) > 1 &&
  texts.length > 1 &&
  texts.filter((text) => fieldsOf(text) === fieldsOf(name)).length >= texts.length * minAlikeShare;

/**
 * Fails with a FileProblem where lines of one field hold columns all the same: each line in quotes as a whole, as programs write
 * what is CSV already, or columns of a fixed width.
 */
export const checkCollapsed = (name: string, rows: readonly string[]): void => {
  const divider = plainDelimiters.find((delimiter) => alike(rows, name, (text) => text.split(delimiter).length));
  if (divider !== undefined)
    throw new FileProblem(
      'Each of its lines is in quotes as a whole, and holds fields as if it were a line of CSV. Write it without the quotes around the lines.',
    );
  if (alike(rows, name, (text) => text.trim().split(/ {2,}/).length))
    throw new FileProblem(
      'Its columns are divided by blanks, to a fixed width, which is not read. Write it with a delimiter between the fields.',
    );
};
