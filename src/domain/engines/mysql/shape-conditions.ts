import { mysqlNames } from './names.ts';
import { type ShapeTest, type TextShape, textShapes } from '../../figures/text-shapes.ts';

const { quoteText } = mysqlNames;

const tested = (test: ShapeTest, text: string): string => {
  switch (test.kind) {
    case 'contains':
      return `INSTR(${text}, ${quoteText(test.text)})`;
    case 'begins_below':
      return `ASCII(${text}) < ${test.code}`;
    case 'has_margin':
      return `ASCII(${text}) < 33 OR ASCII(RIGHT(${text}, 1)) < 33`;
  }
};

/** MariaDB matches by PCRE and MySQL by ICU, which differ in \w, \d and \s from each other and from RE2. */
const inAscii = (pattern: string): string =>
  pattern
    .replaceAll('(?s:', '(')
    .replaceAll('.*', String.raw`(.|\n)*`)
    .replaceAll(String.raw`[\w`, '[0-9A-Za-z_')
    .replaceAll(String.raw`[\d`, '[0-9')
    .replaceAll(String.raw`\d`, '[0-9]')
    .replaceAll(String.raw`\s`, String.raw`[ \t\n\f\r]`)
    .replaceAll(String.raw`\S`, String.raw`[^ \t\n\f\r]`);

/** Both engines backtrack: what is padded is told by its ends alone, without a search for all that lies between. */
const matched = (shape: TextShape, text: string, pattern: string): string =>
  shape === 'padded'
    ? `${text} REGEXP ${quoteText(inAscii(String.raw`\S`))}`
    : `${text} REGEXP ${quoteText(`^(${inAscii(pattern)})$`)}`;

/** The conditions by which MySQL and MariaDB tell the shapes of a text. */
export const shapeConditions = (text: string): readonly { readonly shape: TextShape; readonly sql: string }[] =>
  textShapes.map(({ shape, test, pattern }) => ({
    shape,
    sql: `CASE WHEN ${tested(test, text)} THEN ${matched(shape, text, pattern)} END`,
  }));
