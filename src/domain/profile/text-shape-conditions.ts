import type { TextShapes } from '../../contracts/profile.ts';
import { quoteText } from '../sql-name.ts';

/** The shapes that are told apart, by the field of the profile that counts them. */
export type TextShape = Exclude<keyof TextShapes, 'basis' | 'values'>;

const matches = (text: string, pattern: string): string => `regexp_full_match(${text}, ${quoteText(pattern)})`;

/** The condition, asked only of texts that pass a cheap test: of the patterns, a CASE spares most texts all but one or two. */
const where = (test: string, condition: string): string => `CASE WHEN ${test} THEN ${condition} END`;

/** Whether the first character is a digit, white space or a sign that a number or a time can begin with. */
const beginsLikeNumber = (text: string): string => `ascii(${text}) < 58`;

/**
 * How a text looks like something, as a condition over an SQL expression. Patterns are RE2's: no look-ahead, so none can
 * run away on a hostile value. Without the tests they took two fifths of the processor time of a preview.
 */
export const shapeConditions: readonly { readonly shape: TextShape; readonly condition: (text: string) => string }[] = [
  {
    shape: 'email',
    condition: (text) =>
      where(`contains(${text}, '@')`, matches(text, String.raw`\s*[\w.+%-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}\s*`)),
  },
  {
    // A plus sign, a bracket or groups; plain digits are as likely a key, and 2024-01-31 is a date.
    shape: 'phone',
    condition: (text) =>
      where(
        beginsLikeNumber(text),
        matches(text, String.raw`\s*((\+\d|\(\d|0\d)[\d ()./-]{5,18}\d|\d{3}[ .-]\d{3,4}[ .-]\d{4})\s*`),
      ),
  },
  {
    shape: 'card',
    condition: (text) =>
      where(beginsLikeNumber(text), matches(text, String.raw`\s*\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}\s*`)),
  },
  {
    shape: 'ip_address',
    condition: (text) =>
      where(
        // Up to "f". Of the short notations only those with "::"; without it, 12:30:00 would be an address.
        `ascii(${text}) < 103`,
        matches(
          text,
          String.raw`\s*(((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)|([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)?::[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)\s*`,
        ),
      ),
  },
  {
    shape: 'uuid',
    condition: (text) =>
      where(
        `contains(${text}, '-')`,
        matches(text, String.raw`\s*[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\s*`),
      ),
  },
  {
    shape: 'url',
    condition: (text) => where(`contains(${text}, '://')`, matches(text, String.raw`\s*(https?|ftp)://\S+\s*`)),
  },
  {
    shape: 'number',
    condition: (text) =>
      where(beginsLikeNumber(text), matches(text, String.raw`\s*[+-]?(\d+([.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?\s*`)),
  },
  {
    shape: 'time',
    condition: (text) =>
      where(
        beginsLikeNumber(text),
        matches(
          text,
          String.raw`\s*(\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?|\d{1,2}[./]\d{1,2}[./]\d{2,4})\s*`,
        ),
      ),
  },
  { shape: 'blank', condition: (text) => where(`ascii(${text}) < 33`, matches(text, String.raw`\s*`)) },
  {
    shape: 'padded',
    condition: (text) =>
      where(`ascii(${text}) < 33 OR ascii(right(${text}, 1)) < 33`, matches(text, String.raw`(?s:\s+\S.*|.*\S\s+)`)),
  },
];
