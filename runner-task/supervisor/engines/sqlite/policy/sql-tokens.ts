/** A piece of SQL: a word as it is written, a name or text without its quotes, or any other character. */
export type SqlToken = { readonly kind: 'word' | 'quoted' | 'sign'; readonly text: string };

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
  [...sql.matchAll(piece)].flatMap(({ groups }): readonly SqlToken[] => {
    const { word, quoted, sign } = groups ?? {};
    if (word !== undefined) return [{ kind: 'word', text: word }];
    if (quoted !== undefined) return [{ kind: 'quoted', text: unquoted(quoted) }];
    return sign === undefined ? [] : [{ kind: 'sign', text: sign }];
  });

/** A word of ASCII letters in capitals, as keywords are compared; no other token is a keyword. */
export const keywordOf = (token: SqlToken | undefined): string | undefined =>
  token?.kind === 'word' && /^[A-Za-z]+$/.test(token.text) ? token.text.toUpperCase() : undefined;
