import { names } from './words.ts';

/** Units that are mixed up most often, by what they make of a value. */
const conversions: readonly {
  readonly words: string;
  readonly convert: (value: number) => number;
  readonly of?: readonly string[];
}[] = [
  {
    words: 'degrees Fahrenheit are for degrees Celsius',
    convert: (value) => value * 1.8 + 32,
    of: ['temperature', 'temp'],
  },
  { words: 'a hundredfold is, as with cents for whole units', convert: (value) => value * 100 },
  { words: 'a thousandfold is, as with grams for kilograms', convert: (value) => value * 1_000 },
  {
    words: 'seconds are for minutes, or minutes for hours',
    convert: (value) => value * 60,
    of: ['duration', 'hours', 'minutes', 'seconds', 'time', 'wait', 'delay'],
  },
  { words: 'a hundredth is', convert: (value) => value / 100 },
  { words: 'a thousandth is', convert: (value) => value / 1_000 },
];

/** Which mix-up would make the usual median the unusual one, if one does within a fifth. */
export const unitHint = (column: { readonly name: string }, usual: number, unusual: number): string | undefined => {
  const fitting = conversions.find(
    ({ convert, of }) =>
      (of === undefined || names(column, ...of)) &&
      usual !== 0 &&
      Math.abs(convert(usual) - unusual) <= 0.2 * Math.abs(convert(usual)),
  );
  return fitting === undefined
    ? undefined
    : `have the median ${shown(unusual)} where ${shown(usual)} is usual: about what ${fitting.words}`;
};

const shown = (value: number): string => String(Number(value.toPrecision(6)));
