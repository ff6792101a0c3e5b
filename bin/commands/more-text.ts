import { programName } from '../program-name.ts';
import { printable } from '../progress/fit-text.ts';

/** The line below a page that says how to see the next one; none below the last. */
export const moreText = (command: string, cursor: string | undefined): readonly string[] =>
  cursor === undefined ? [] : [`More: ${programName} ${command} --cursor ${printable(cursor)}`];
