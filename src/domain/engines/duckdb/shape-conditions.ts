import { quoteText } from '../../sql-name.ts';
import { type ShapeTest, type TextShape, textShapes } from '../../figures/text-shapes.ts';

const tested = (test: ShapeTest, text: string): string => {
  switch (test.kind) {
    case 'contains':
      return `contains(${text}, ${quoteText(test.text)})`;
    case 'begins_below':
      return `ascii(${text}) < ${test.code}`;
    case 'has_margin':
      return `ascii(${text}) < 33 OR ascii(right(${text}, 1)) < 33`;
  }
};

/** The conditions by which DuckDB tells the shapes of a text, matched by RE2, which takes no longer on a hostile value. */
export const shapeConditions = (text: string): readonly { readonly shape: TextShape; readonly sql: string }[] =>
  textShapes.map(({ shape, test, pattern }) => ({
    shape,
    sql: `CASE WHEN ${tested(test, text)} THEN regexp_full_match(${text}, ${quoteText(pattern)}) END`,
  }));
