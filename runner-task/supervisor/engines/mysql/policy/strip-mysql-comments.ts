import { refusal, type Refusal } from '../../../policy/verdict.ts';

const refuseHidden = refusal(
  'no executable comments',
  'MySQL and MariaDB execute what is in /*! … */ and /*M! … */.',
  'Write it without the comment signs, or leave it out.',
);
const refuseOpen = (what: string): Refusal => refusal('whole texts', `${what} is not closed.`, 'Close it.');

/** Where a text or name in quotes ends: behind its closing quote. Inside, the quote is doubled or, but for names, escaped. */
const endOfQuoted = (sql: string, from: number): number | undefined => {
  const quote = sql[from];
  for (let at = from + 1; at < sql.length; at += 1) {
    if (sql[at] === '\\' && quote !== '`') at += 1;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return undefined;
};

const endOfLine = (sql: string, from: number): number => {
  const end = sql.indexOf('\n', from);
  return end < 0 ? sql.length : end;
};

/**
 * The statement without its comments, each replaced by a space, as MySQL and MariaDB tell them: from `#` and from `--`
 * with white space behind it to the end of the line, and between slash-star signs, which do not nest. `--1` is no comment to
 * them but two signs, which other parsers mistake; they are parted. Holds where the session's sql_mode has neither
 * ANSI_QUOTES nor NO_BACKSLASH_ESCAPES.
 */
export const stripMysqlComments = (sql: string): string | Refusal => {
  let stripped = '';
  let at = 0;
  while (at < sql.length) {
    const two = sql.slice(at, at + 2);
    const one = two[0] ?? '';
    if (one === "'" || one === '"' || one === '`') {
      const end = endOfQuoted(sql, at);
      if (end === undefined) return refuseOpen(one === '`' ? 'a name in backticks' : 'a text in quotes');
      stripped += sql.slice(at, end);
      at = end;
    } else if (one === '#' || (two === '--' && /^[\s\p{Cc}]?$/u.test(sql.slice(at + 2, at + 3)))) {
      stripped += ' ';
      at = endOfLine(sql, at);
    } else if (two === '--') {
      stripped += '- ';
      at += 1;
    } else if (two === '/*') {
      if (/^M?!/i.test(sql.slice(at + 2, at + 4))) return refuseHidden;
      const end = sql.indexOf('*/', at + 2);
      if (end < 0) return refuseOpen('a comment');
      stripped += ' ';
      at = end + 2;
    } else {
      stripped += one;
      at += 1;
    }
  }
  return stripped;
};
