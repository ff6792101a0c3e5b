import type { TextShapes } from '../../contracts/profile.ts';
import { quoteText } from '../sql-name.ts';

/** The shapes that are told apart, by the field of the profile that counts them. */
export type TextShape = Exclude<keyof TextShapes, 'basis' | 'values'>;

const matches =
  (pattern: string) =>
  (text: string): string =>
    `regexp_full_match(${text}, ${quoteText(pattern)})`;

/**
 * How a text looks like something, as a condition over an SQL expression. Patterns are RE2's: no look-ahead, so none can
 * run away on a hostile value.
 */
export const shapeConditions: readonly { readonly shape: TextShape; readonly condition: (text: string) => string }[] = [
  { shape: 'email', condition: matches(String.raw`\s*[\w.+%-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}\s*`) },
  // A plus sign, a bracket or groups; plain digits are as likely a key, and 2024-01-31 is a date.
  {
    shape: 'phone',
    condition: (text) =>
      `(${matches(String.raw`\s*(\+\d|\(\d|0\d)[\d ()./-]{5,18}\d\s*`)(text)} OR ${matches(String.raw`\s*\d{3}[ .-]\d{3,4}[ .-]\d{4}\s*`)(text)})`,
  },
  { shape: 'card', condition: matches(String.raw`\s*\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}\s*`) },
  {
    shape: 'ip_address',
    condition: matches(
      String.raw`\s*((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)\s*|\s*([0-9a-fA-F]{1,4}:){2,7}:?[0-9a-fA-F]{1,4}\s*`,
    ),
  },
  { shape: 'uuid', condition: matches(String.raw`\s*[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\s*`) },
  { shape: 'url', condition: matches(String.raw`\s*(https?|ftp)://\S+\s*`) },
  { shape: 'number', condition: matches(String.raw`\s*[+-]?(\d+([.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?\s*`) },
  {
    shape: 'time',
    condition: matches(
      String.raw`\s*(\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?|\d{1,2}[./]\d{1,2}[./]\d{2,4})\s*`,
    ),
  },
  { shape: 'blank', condition: matches(String.raw`\s*`) },
  { shape: 'padded', condition: matches(String.raw`(\s+\S.*|.*\S\s+)`) },
];
