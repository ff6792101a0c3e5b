import type { ColumnProfile, TableProfile } from '../../contracts/profile.ts';
import { maskPersonal } from './mask-personal.ts';
import { maskOf, type PersonalColumns } from './personal-columns.ts';

/** What masks the values of columns with personal data that a profile has seen, wherever else they stand. */
export type PersonalValues = {
  /** A cell of a result: masked where it is one of the values as a whole. */
  readonly cell: (text: string) => string;
  /** A text in which values may stand amid other words. */
  readonly text: (text: string) => string;
  /** The same of HTML, of which tags stay as they are. */
  readonly html: (html: string) => string;
};

/** In a text, a shorter one is as likely a word or a count as somebody’s: `Ann`, or `1980` rows. */
const minInText = 5;

/** A measured table and its source. */
export type MeasuredTable = { readonly source: string; readonly table: TableProfile };

/** Gathers the values that profiles show of columns with personal data; without any, forms of values alone are masked. */
export const personalValuesOf = (tables: readonly MeasuredTable[], personal: PersonalColumns): PersonalValues => {
  const masks = new Map(
    tables.flatMap(({ source, table }) =>
      table.columns.flatMap((column) => {
        const kind = personal.kindOf(source, table.table, column.name);
        return kind === undefined ? [] : shownOf(column).map((value) => [value, maskOf(kind)] as const);
      }),
    ),
  );
  const replace = valueReplacer(masks);
  const text = (given: string): string => maskPersonal(replace(given));
  return {
    cell: (given) => masks.get(given) ?? maskPersonal(given),
    text,
    html: (given) =>
      given
        .split(/(<[^>]*>)/)
        .map((part) => (part.startsWith('<') ? part : text(part)))
        .join(''),
  };
};

const words = /[\p{L}\p{N}_]+/gu;

/** Looks each word of a text up among the first words of the values: one pattern of 60,000 values would take minutes. */
const valueReplacer = (masks: ReadonlyMap<string, string>): ((text: string) => string) => {
  const byFirstWord = new Map<string, (readonly [string, string])[]>();
  for (const [value, mask] of masks) {
    const found = [...value.matchAll(words)];
    const [first, last] = [found[0], found.at(-1)];
    if (first === undefined || last === undefined) continue;
    const core = value.slice(first.index, last.index + last[0].length);
    // What many share tells nobody apart, and a word such as `female` stands in any text.
    if (core.length < minInText || mask === maskOf('personal trait')) continue;
    byFirstWord.set(first[0], [...(byFirstWord.get(first[0]) ?? []), [core, mask]]);
  }
  const starts = new Map(
    [...byFirstWord].map(([word, values]) => [word, values.toSorted(([a], [b]) => b.length - a.length)]),
  );
  return (text) => {
    const parts: string[] = [];
    let done = 0;
    for (const { 0: word, index } of text.matchAll(words)) {
      if (index < done) continue;
      const hit = starts
        .get(word)
        ?.find(([value]) => text.startsWith(value, index) && !/^[\p{L}\p{N}_]/u.test(text.slice(index + value.length)));
      if (hit === undefined) continue;
      parts.push(text.slice(done, index), hit[1]);
      done = index + hit[0].length;
    }
    return [...parts, text.slice(done)].join('');
  };
};

/** The values that the profile of a column shows; small numbers are counts as often. */
const shownOf = ({ range, quantiles, top_values, freshness }: ColumnProfile): readonly string[] => {
  const { basis: _, ...points } = quantiles ?? { basis: undefined };
  return [
    range?.min,
    range?.max,
    freshness?.newest,
    ...Object.values(points),
    ...(top_values?.values ?? []).map(({ value }) => value),
  ]
    .filter((value) => typeof value === 'string' || (typeof value === 'number' && Math.abs(value) >= 1_000))
    .map(String)
    .filter((value) => value.trim() !== '');
};
