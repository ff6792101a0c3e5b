import type { TextShapes } from '../../contracts/profile.ts';
import { formatShare } from '../format.ts';

/** What people call each shape. */
const words = {
  email: 'look like e-mail addresses',
  phone: 'look like phone numbers',
  card: 'look like card numbers',
  ip_address: 'look like IP addresses',
  uuid: 'look like UUIDs',
  url: 'look like web addresses',
  number: 'are numbers in text',
  time: 'are dates or times in text',
  blank: 'are blank',
  padded: 'have spaces around them',
} as const satisfies Record<keyof Omit<TextShapes, 'basis' | 'values'>, string>;

type Shape = keyof typeof words;
const shapesInOrder = Object.keys(words) as readonly Shape[];

/** One shape that was seen, in words: `98% look like e-mail addresses`. */
export type SeenShape = {
  readonly shape: Shape;
  readonly share: number;
  readonly sentence: string;
};

/** The shapes that a text column’s values have, the commonest first. */
export const seenShapes = (shapes: TextShapes): readonly SeenShape[] =>
  shapesInOrder
    .filter((shape) => shapes[shape] > 0 && shapes.values > 0)
    .map((shape) => {
      const share = shapes[shape] / shapes.values;
      return { shape, share, sentence: `${formatShare(share)} ${words[shape]}` };
    })
    .sort((a, b) => b.share - a.share);
