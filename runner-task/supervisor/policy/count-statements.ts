import { refusal, type Refusal } from './verdict.ts';

/** Texts, names and comments of PostgreSQL and DuckDB, whole or open to the end; and what else tells statements apart. */
const piece =
  /--[^\n]*|(?<comment>\/\*)|[eE]'(?:[^'\\]|\\[^]|'')*'?|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|(?<tag>\$(?:[A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)?\$)|(?<end>;)|(?<space>\s+)|(?<atomic>\bBEGIN\s+ATOMIC\b)|[\w$\u0080-\uFFFF]+|[^]/gi;

/** Where a comment ends, which may hold others. */
const endOfComment = (sql: string, from: number): number => {
  let depth = 0;
  for (const { 0: sign, index } of sql.slice(from).matchAll(/\/\*|\*\//g)) {
    depth += sign === '/*' ? 1 : -1;
    if (depth === 0) return from + index + 2;
  }
  return sql.length;
};

/**
 * How many statements a text of PostgreSQL or DuckDB holds, whether they can be read or not. A function that is written out
 * with BEGIN ATOMIC holds semicolons, and what follows it is not told apart from it.
 */
export const countStatements = (sql: string): number => {
  let count = 0;
  let isEmpty = true;
  const pieces = new RegExp(piece);
  for (let found = pieces.exec(sql); found !== null; found = pieces.exec(sql)) {
    const { comment, tag, end, space, atomic } = found.groups ?? {};
    if (comment !== undefined) pieces.lastIndex = endOfComment(sql, found.index);
    else if (end !== undefined) isEmpty = true;
    else if (space === undefined && !found[0].startsWith('--')) {
      if (isEmpty) count += 1;
      isEmpty = false;
      if (atomic !== undefined) return count;
      const close = tag === undefined ? 0 : sql.indexOf(tag, pieces.lastIndex);
      if (tag !== undefined) pieces.lastIndex = close < 0 ? sql.length : close + tag.length;
    }
  }
  return count;
};

/** Says that a text holds several statements, or none. */
export const refuseCount = (count: number): Refusal =>
  count === 0
    ? refusal('one statement', 'there is no statement here.', 'Send one SELECT.')
    : refusal('one statement', `there are ${count} statements here.`, 'Send one SELECT at a time.');
