/** A piece of SQL and where it stands: a word as it is written, a name or text without its quotes, or any other character. */
export type SqlToken = {
  readonly kind: 'word' | 'quoted' | 'sign';
  readonly text: string;
  readonly from: number;
  readonly to: number;
};

/** SQLite takes every character beyond ASCII as part of a word; that of white space too; a byte order mark before one is white space. */
const piece =
  /[ \t\n\v\f\r\uFEFF]|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?|(?<word>[\w$\u0080-\uFFFF]+)|(?<quoted>(?<quote>["'`])(?:(?!\k<quote>)[^]|\k<quote>{2})*\k<quote>?|\[[^\]]*\]?)|(?<sign>[^])/g;

const unquoted = (text: string): string => {
  const quote = text[0] ?? '';
  const closed = text.length > 1 && text.endsWith(quote === '[' ? ']' : quote);
  const inner = text.slice(1, closed ? -1 : undefined);
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote);
};

/** Divides SQL as SQLite does, without white space and comments. */
export const sqlTokens = (sql: string): readonly SqlToken[] =>
  [...sql.matchAll(piece)].flatMap(({ 0: whole, index: from, groups }): readonly SqlToken[] => {
    const { word, quoted, sign } = groups ?? {};
    const place = { from, to: from + whole.length };
    if (word !== undefined) return [{ kind: 'word', text: word, ...place }];
    if (quoted !== undefined) return [{ kind: 'quoted', text: unquoted(quoted), ...place }];
    return sign === undefined ? [] : [{ kind: 'sign', text: sign, ...place }];
  });

/** A word of ASCII letters in capitals, as keywords are compared; no other token is a keyword. */
export const keywordOf = (token: SqlToken | undefined): string | undefined =>
  token?.kind === 'word' && /^[A-Za-z]+$/.test(token.text) ? token.text.toUpperCase() : undefined;
