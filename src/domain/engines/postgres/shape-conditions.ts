import { quoteText } from '../../sql-name.ts';
import { type ShapeTest, type TextShape, textShapes } from '../../figures/text-shapes.ts';

/**
 * By bytes: of a character that is not ASCII they lie above all of ASCII in every encoding of a server, and ascii() fails over
 * one in EUC_JP and the like.
 */
const below = (text: string, code: number): string => `${text} COLLATE "C" < ${quoteText(String.fromCharCode(code))}`;

const tested = (test: ShapeTest, { text, last }: TextSql): string => {
  switch (test.kind) {
    case 'contains':
      return `strpos(${text}, ${quoteText(test.text)}) > 0`;
    case 'begins_below':
      return below(text, test.code);
    case 'has_margin':
      return `${below(text, 33)} OR ${below(last, 33)}`;
  }
};

/** A text in SQL, and its last character. */
export type TextSql = { readonly text: string; readonly last: string };

/** PostgreSQL takes \w, \d and \s for what the locale says, RE2 for ASCII alone; and its `.` matches line breaks anyway. */
const inAscii = (pattern: string): string =>
  pattern
    .replaceAll('(?s:', '(')
    .replaceAll(String.raw`[\w`, '[0-9A-Za-z_')
    .replaceAll(String.raw`[\d`, '[0-9')
    .replaceAll(String.raw`\d`, '[0-9]')
    .replaceAll(String.raw`\s`, String.raw`[ \t\n\f\r]`)
    .replaceAll(String.raw`\S`, String.raw`[^ \t\n\f\r]`);

/** The conditions by which PostgreSQL tells the shapes of a text. */
export const shapeConditions = (sql: TextSql): readonly { readonly shape: TextShape; readonly sql: string }[] =>
  textShapes.map(({ shape, test, pattern }) => ({
    shape,
    sql: `CASE WHEN ${tested(test, sql)} THEN ${sql.text} ~ ${quoteText(`^(${inAscii(pattern)})$`)} END`,
  }));
