import { keywordOf, sqlTokens, type SqlToken } from './sql-tokens.ts';
import { foldAscii } from '../../fold-ascii.ts';

/** Finds the first of some tables that a statement may read, as the statement writes it. */
export type RelationFinder = (sql: string) => string | undefined;

const isSign = (token: SqlToken | undefined, text: string): boolean => token?.kind === 'sign' && token.text === text;

/** Reserved words that end a FROM; ORDER and GROUP do so before BY alone. */
const ends = new Set(['SELECT', 'VALUES', 'WHERE', 'HAVING', 'LIMIT', 'UNION', 'EXCEPT', 'INTERSECT']);

const endsFrom = (tokens: readonly SqlToken[], at: number): boolean => {
  const word = keywordOf(tokens[at]) ?? '';
  return ends.has(word) || ((word === 'ORDER' || word === 'GROUP') && keywordOf(tokens[at + 1]) === 'BY');
};

/** What the statement's own WITH names: SQLite looks there first, for the whole statement. */
const namedByWith = (tokens: readonly SqlToken[]): ReadonlySet<string> => {
  const names = new Set<string>();
  const start = startOfWith(tokens);
  if (keywordOf(tokens[start]) !== 'WITH') return names;
  let at = start + (keywordOf(tokens[start + 1]) === 'RECURSIVE' ? 2 : 1);
  for (;;) {
    const name = tokens[at];
    if (name === undefined || name.kind === 'sign') return names;
    names.add(foldAscii(name.text));
    at += 1;
    // Its columns, where they are named, and its query stand in parentheses.
    if (tokens[at]?.text === '(') at = afterParentheses(tokens, at);
    if (keywordOf(tokens[at]) !== 'AS') return names;
    while (tokens[at] !== undefined && !isSign(tokens[at], '(')) at += 1;
    at = afterParentheses(tokens, at);
    if (!isSign(tokens[at], ',')) return names;
    at += 1;
  }
};

/** Where a statement's own WITH would stand: first, or after the AS of a view. */
const startOfWith = (tokens: readonly SqlToken[]): number =>
  keywordOf(tokens[0]) === 'CREATE' ? tokens.findIndex((token) => keywordOf(token) === 'AS') + 1 : 0;

const afterParentheses = (tokens: readonly SqlToken[], start: number): number => {
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    if (isSign(tokens[at], '(')) depth += 1;
    if (isSign(tokens[at], ')')) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
};

/** Whether a name is qualified, and then not by the schema of the file or the temporary one: it is a column's. */
const isColumn = (tokens: readonly SqlToken[], at: number): boolean =>
  isSign(tokens[at - 1], '.') && !/^(main|temp)$/i.test(tokens[at - 2]?.text ?? '');

const followsIn = (tokens: readonly SqlToken[], at: number): boolean =>
  keywordOf(tokens[at - (isSign(tokens[at - 1], '.') ? 3 : 1)]) === 'IN';

/**
 * Finds tables that must not even be looked up: names that stand in a FROM, after IN or in a PRAGMA. In a FROM every name
 * counts that is neither a column of a table nor an alias after AS, so a condition of a join may be turned away needlessly;
 * elsewhere a column or a text may be called as such a table is.
 */
export const createRelationFinder = (names: readonly string[]): RelationFinder => {
  const sought = new Set(names.map(foldAscii));
  return (sql) => {
    if (sought.size === 0) return undefined;
    const tokens = sqlTokens(sql);
    if (!tokens.some(({ text }) => sought.has(foldAscii(text)))) return undefined;
    const known = namedByWith(tokens);
    const outer: boolean[] = [];
    // After EXPLAIN QUERY PLAN at the latest.
    let inFrom = tokens.slice(0, 4).some((token) => keywordOf(token) === 'PRAGMA');
    for (const [at, token] of tokens.entries()) {
      const word = keywordOf(token);
      if (isSign(token, '(')) outer.push(inFrom);
      else if (isSign(token, ')')) inFrom = outer.pop() ?? inFrom;
      else if (word === 'FROM' || word === 'JOIN') inFrom = true;
      else if (endsFrom(tokens, at)) inFrom = false;
      else if (token.kind !== 'sign' && (inFrom || followsIn(tokens, at)) && sought.has(foldAscii(token.text))) {
        const isQualified = isSign(tokens[at - 1], '.');
        const isAlias = keywordOf(tokens[at - 1]) === 'AS' || isSign(tokens[at - 1], ')');
        if (!isAlias && !isColumn(tokens, at) && (isQualified || !known.has(foldAscii(token.text)))) return token.text;
      }
    }
    return undefined;
  };
};
