import type { CategoryValues } from './looks/category-values.ts';
import type { Threshold } from './rule-card.ts';

/** When a rare value is a mistyped frequent one. */
export const spellingThresholds = {
  minTimes: { value: 20, unit: 'times as frequent', why: 'What is mistyped is rare beside what is right.' },
  minLength: { value: 5, unit: 'letters', why: 'Gold and cold are two things.' },
  longLength: { value: 9, unit: 'letters', why: 'From here on two letters may be wrong instead of one.' },
} as const satisfies Readonly<Record<string, Threshold>>;

type Value = CategoryValues['values'][number];

/** A value and the other ways in which it is spelled. */
export type SpellingGroup = { readonly main: Value; readonly others: readonly Value[] };

/**
 * Values that differ in case, white space and punctuation alone are one; so is a rare value one letter away from a
 * frequent one. A different digit makes a different thing: sensor-1 is not sensor-2.
 */
export const groupSpellings = (values: readonly Value[]): readonly SpellingGroup[] => {
  const byForm = new Map<string, Value[]>();
  for (const value of values) byForm.set(formOf(value.text), [...(byForm.get(formOf(value.text)) ?? []), value]);
  const forms = [...byForm]
    .filter(([form]) => form !== '')
    .map(([form, group]) => ({ form, group: group.toSorted((a, b) => b.n - a.n) }));
  const total = (group: readonly Value[]): number => group.reduce((sum, { n }) => sum + n, 0);
  const frequent = forms.toSorted((a, b) => total(b.group) - total(a.group));
  const home = new Map<string, string>();
  for (const { form, group } of frequent) {
    const target = frequent.find(
      (other) =>
        other.form !== form &&
        !home.has(other.form) &&
        total(group) * spellingThresholds.minTimes.value <= total(other.group) &&
        isTypo(form, other.form),
    );
    if (target !== undefined) home.set(form, target.form);
  }
  return frequent.flatMap(({ form, group }): readonly SpellingGroup[] => {
    if (home.has(form)) return [];
    const typos = frequent.filter((other) => home.get(other.form) === form).flatMap((other) => other.group);
    const [main, ...rest] = group;
    const others = [...rest, ...typos];
    return main === undefined || others.length === 0 ? [] : [{ main, others }];
  });
};

const formOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

const isTypo = (rare: string, frequent: string): boolean => {
  if (Math.min(rare.length, frequent.length) < spellingThresholds.minLength.value) return false;
  const most = rare.length >= spellingThresholds.longLength.value ? 2 : 1;
  return (
    rare.replace(/\p{N}/gu, '') !== '' && digits(rare) === digits(frequent) && distance(rare, frequent, most) <= most
  );
};

const digits = (text: string): string => text.replace(/\P{N}/gu, '');

/** Letters to insert, drop, change or swap; anything above `most` counts as `most + 1`. */
const distance = (a: string, b: string, most: number): number => {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? most + 1;
};
