import { type ShapeTest, type TextShape, textShapes } from '../../figures/text-shapes.ts';
import { quoteText } from '../../sql-name.ts';

const tested = (test: ShapeTest, text: string): string => {
  switch (test.kind) {
    case 'contains':
      return `instr(${text}, ${quoteText(test.text)})`;
    case 'begins_below':
      return `unicode(${text}) < ${test.code}`;
    case 'has_margin':
      return `(unicode(${text}) < 33 OR unicode(substr(${text}, -1)) < 33)`;
  }
};

/** The white space that all engines agree on; JavaScript, which matches here, would take that of all alphabets. */
const inAscii = (pattern: string): string =>
  pattern.replaceAll(String.raw`\s`, String.raw`[ \t\n\f\r]`).replaceAll(String.raw`\S`, String.raw`[^ \t\n\f\r]`);

/** An empty text is blank, and has no first character to test. */
const emptyToo = (shape: TextShape, text: string): string => (shape === 'blank' ? `${text} = '' OR ` : '');

/** The conditions by which SQLite tells the shapes of a text. */
export const shapeConditions = (text: string): readonly { readonly shape: TextShape; readonly sql: string }[] =>
  textShapes.map(({ shape, test, pattern }) => ({
    shape,
    sql: `${emptyToo(shape, text)}${tested(test, text)} AND ${text} REGEXP ${quoteText(`^(?:${inAscii(pattern)})$`)}`,
  }));
