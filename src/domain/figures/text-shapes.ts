import type { TextShapes } from '../../contracts/profile.ts';

/** The shapes that are told apart, by the field of the profile that counts them. */
export type TextShape = Exclude<keyof TextShapes, 'basis' | 'values'>;

/**
 * A cheap test that spares most texts the pattern: a character that must occur, the code that the first one lies below, or
 * white space at either end.
 */
export type ShapeTest =
  | { readonly kind: 'contains'; readonly text: string }
  | { readonly kind: 'begins_below'; readonly code: number }
  | { readonly kind: 'has_margin' };

/** Whether the first character is a digit, white space or a sign that a number or a time can begin with. */
const beginsLikeNumber: ShapeTest = { kind: 'begins_below', code: 58 };

/**
 * How a text looks like something, as a pattern for the whole text. None looks ahead or repeats what already repeats, so
 * that none runs away on a hostile value in engines that backtrack. Without the tests they took two fifths of the processor
 * time of a preview.
 */
export const textShapes: readonly {
  readonly shape: TextShape;
  readonly test: ShapeTest;
  readonly pattern: string;
}[] = [
  {
    shape: 'email',
    test: { kind: 'contains', text: '@' },
    pattern: String.raw`\s*[\w.+%-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}\s*`,
  },
  {
    // A plus sign, a bracket, or groups behind a 0 that no date is written in; plain digits only where a network begins so
    // and as many as it has: 0000012345 is a key, 01/02/2024 a date.
    shape: 'phone',
    test: beginsLikeNumber,
    pattern: String.raw`\s*([+(]\d[\d ()./-]{5,18}\d|00[1-9]\d{0,2}[ ()./-]\d[\d ()./-]{4,16}\d|0\d{2,5}[ ()./-]{1,3}\d{4,10}|0\d[ ()./-]{1,3}\d{5,10}|0\d{1,5}[ ()./-]{1,3}\d{3,10}([ ./-]\d{2,8}){1,4}|0\d([ ./-]\d\d){4,5}|0[1-9]\d{8,9}|\d{3}[ .-]\d{3,4}[ .-]\d{4})\s*`,
  },
  { shape: 'card', test: beginsLikeNumber, pattern: String.raw`\s*\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}\s*` },
  {
    shape: 'ip_address',
    // Up to "f". Of the short notations only those with "::"; without it, 12:30:00 would be an address.
    test: { kind: 'begins_below', code: 103 },
    pattern: String.raw`\s*(((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)|([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)?::[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)\s*`,
  },
  {
    shape: 'uuid',
    test: { kind: 'contains', text: '-' },
    pattern: String.raw`\s*[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\s*`,
  },
  { shape: 'url', test: { kind: 'contains', text: '://' }, pattern: String.raw`\s*(https?|ftp)://\S+\s*` },
  {
    shape: 'number',
    test: beginsLikeNumber,
    pattern: String.raw`\s*[+-]?(\d+([.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?\s*`,
  },
  {
    shape: 'time',
    test: beginsLikeNumber,
    pattern: String.raw`\s*(\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}-\d{1,2}-\d{4})\s*`,
  },
  { shape: 'blank', test: { kind: 'begins_below', code: 33 }, pattern: String.raw`\s*` },
  { shape: 'padded', test: { kind: 'has_margin' }, pattern: String.raw`(?s:\s+\S.*|.*\S\s+)` },
];
