import table from './list-prices.json' with { type: 'json' };

/** What AWS bills, by our names for it. */
export type Billed = keyof typeof table.prices;

/** What something uses of what is billed, in the unit of each price. */
export type Usage = Readonly<Partial<Record<Billed, number>>>;

/** A line of a bill. */
export type BillLine = {
  readonly billed: Billed;
  readonly quantity: number;
  readonly unit: string;
  readonly dollars: number;
};

/** A bill, the dearest line first. */
export type Bill = { readonly lines: readonly BillLine[]; readonly dollars: number };

/** The list prices, with their date and where they are from. */
export const priceList = table;

/** What the usage costs at list price: no free allowance is taken off, and nothing is rounded up but what the usage has so. */
export const billOf = (usage: Usage): Bill => {
  const lines = (Object.entries(usage) as readonly [Billed, number][])
    .map(([billed, quantity]): BillLine => {
      const { dollars, per, unit } = table.prices[billed];
      return { billed, quantity, unit, dollars: (quantity * dollars) / per };
    })
    .toSorted((a, b) => b.dollars - a.dollars);
  return { lines, dollars: lines.reduce((sum, { dollars }) => sum + dollars, 0) };
};

/** Two usages together. */
export const addUsage = (one: Usage, other: Usage): Usage =>
  Object.fromEntries(
    [...new Set([...Object.keys(one), ...Object.keys(other)] as Billed[])].map((billed) => [
      billed,
      (one[billed] ?? 0) + (other[billed] ?? 0),
    ]),
  );

/** The usage so many times. */
export const multiplyUsage = (usage: Usage, times: number): Usage =>
  Object.fromEntries((Object.entries(usage) as readonly [Billed, number][]).map(([billed, n]) => [billed, n * times]));
