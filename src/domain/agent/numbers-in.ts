import type { CellWork, ResultTable } from '../../contracts/sandbox.ts';

/** The numbers that stand in a text: `1,240`, `12.0`, `-3`; not the digits within a word. */
export const numbersInText = (text: string): ReadonlySet<number> =>
  new Set(
    [...text.matchAll(/(?<![\w.,])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?(?![\w])/gi)].map(([found]) =>
      Number(found.replaceAll(',', '')),
    ),
  );

/** The numbers of a result: in its cells, and how many rows it has. */
export const numbersInTable = ({ values, rows }: ResultTable): ReadonlySet<number> =>
  new Set([
    rows,
    ...values.flat().flatMap((value) => (typeof value === 'boolean' ? [] : [...numbersInText(String(value))])),
  ]);

/** The numbers that a code cell printed or came to. */
export const numbersInCell = ({ stdout, result, outputs }: CellWork): ReadonlySet<number> =>
  numbersInText(
    [stdout, result ?? '', ...outputs.flatMap(({ mime, data }) => (mime === 'image/png' ? [] : [data]))].join('\n'),
  );
