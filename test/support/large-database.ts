import { rowPicker, seededRandom, type SeededRandom } from '../../src/domain/datasets/seeded-random.ts';

/** A row of a large database, by column. */
export type LargeRow = Record<string, string | number | null>;

/** One table of a large database: its columns with types that every engine knows, and its rows. */
export type LargeTable = {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: LargeType }[];
  readonly rows: readonly LargeRow[];
};

/** A type of a column; `time` is `timestamp` or `datetime` by engine. */
export type LargeType = 'bigint' | 'integer' | 'decimal(14,2)' | 'double precision' | 'varchar(200)' | 'date' | 'time';

/** A finding that a survey must come to, as its rule tells it. */
export type PlantedFinding = {
  readonly rule: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** Rows that are missing can only be estimated. */
  readonly isEstimate?: true;
};

/** A database of any number of tables of twenty columns, and what is wrong in it: this, and nothing else. */
export type LargeDatabase = {
  readonly names: readonly string[];
  /** Makes one table; the same in every call. */
  table(name: string): LargeTable;
  /** At least one a flaw; a flaw may be seen by two rules. */
  readonly planted: readonly PlantedFinding[];
};

const words = 'amber birch cedar delta ember fjord grove heron inlet jetty knoll larch maple north ocean pearl'.split(
  ' ',
);
const columnsOf = (name: string, target: string): LargeTable['columns'] => [
  { name: `${name}_id`, type: 'bigint' },
  { name: `${target}_id`, type: 'bigint' },
  { name: 'entry_code', type: 'varchar(200)' },
  { name: 'created_at', type: 'time' },
  { name: 'updated_at', type: 'time' },
  { name: 'seen_on', type: 'date' },
  { name: 'status', type: 'varchar(200)' },
  { name: 'region', type: 'varchar(200)' },
  { name: 'category', type: 'varchar(200)' },
  { name: 'label', type: 'varchar(200)' },
  { name: 'link', type: 'varchar(200)' },
  { name: 'note', type: 'varchar(200)' },
  { name: 'priority', type: 'integer' },
  { name: 'quantity', type: 'integer' },
  { name: 'price', type: 'decimal(14,2)' },
  { name: 'total', type: 'decimal(14,2)' },
  { name: 'weight', type: 'double precision' },
  { name: 'size_cm', type: 'double precision' },
  { name: 'factor', type: 'double precision' },
  { name: 'points', type: 'integer' },
];

const hour = 3_600;
const firstSecond = Date.UTC(2025, 0, 1) / 1_000;
const secondsOf = (text: string | number | null | undefined): number =>
  Date.parse(`${String(text).replace(' ', 'T')}Z`) / 1_000;
const timeText = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ');
const dayText = (seconds: number): string => timeText(seconds).slice(0, 10);
const cents = (value: number): number => Math.round(value * 100) / 100;

/** A row with nothing wrong in it. Numbers are spread evenly, so that none lies far from the others. */
const soundRow = (name: string, target: string, index: number, rows: number, random: SeededRandom): LargeRow => {
  const created = firstSecond + (index + random.next() * 0.9) * hour;
  const updated = created + random.integer(60, 86_400);
  const [quantity, price] = [random.integer(1, 40), random.integer(1_000, 100_000) / 100];
  return {
    [`${name}_id`]: index + 1,
    [`${target}_id`]: random.integer(1, rows),
    entry_code: `${name.toUpperCase()}-${100_000 + index}`,
    created_at: timeText(created),
    updated_at: timeText(updated),
    seen_on: dayText(created + random.integer(3, 9) * 24 * hour),
    status: random.pick(['open', 'packed', 'moved', 'closed']),
    region: random.pick(['Westland', 'Eastvale', 'Southport', 'Northfield', 'Midlands']),
    category: random.pick(['timber', 'cotton', 'copper', 'barley', 'saffron', 'marble']),
    label: `${random.pick(words)} ${random.pick(words)} ${random.integer(100, 999)}`,
    link: `https://example.org/${name}/${100_000 + index}`,
    note: `Left by the ${random.pick(words)} gate, next to the ${random.pick(words)} shed and the ${random.pick(words)} wall.`,
    priority: random.integer(1, 5),
    quantity,
    price,
    total: cents(quantity * price),
    weight: random.integer(2_000, 5_000) / 100,
    size_cm: random.integer(1_000, 9_000) / 100,
    factor: random.integer(500, 1_500) / 1_000,
    points: random.integer(100, 5_000),
  };
};

/** A way in which a table can be wrong: the columns it can be wrong in, and how to make it so. */
type Flaw = {
  readonly rule: string;
  /** One of them is spoilt; `[]` where it is the rows as a whole. */
  readonly columns: readonly string[];
  /** Other columns that the finding names behind it, and that no other flaw may touch. */
  readonly with?: readonly string[];
  /** A column that it does not name and no other flaw may touch. */
  readonly spares?: string;
  /** Further findings that it leads to: their rule, and what they name behind its column. */
  readonly brings?: readonly { readonly rule: string; readonly with: readonly string[] }[];
  readonly isEstimate?: true;
  /** Spoils these rows; answers with the rows that the finding tells, where that is not their number. */
  readonly spoil: (rows: readonly LargeRow[], column: string, random: SeededRandom, all: LargeRow[]) => number | void;
};

const setEach =
  (value: (row: LargeRow, column: string, random: SeededRandom) => string | number | null): Flaw['spoil'] =>
  (rows, column, random) => {
    for (const row of rows) row[column] = value(row, column, random);
  };

/** The references of a table have another name in each. */
const reference = 'the reference';

const flaws: readonly Flaw[] = [
  { rule: 'orphan', columns: [reference], spoil: setEach((_, __, random) => 7_000_000 + random.integer(1, 999)) },
  { rule: 'missing-values', columns: ['weight', 'factor', 'note', 'priority'], spoil: setEach(() => null) },
  { rule: 'negative-value', columns: ['points'], spoil: setEach((row, column) => -Number(row[column])) },
  { rule: 'placeholder', columns: ['points', 'size_cm', 'factor'], spoil: setEach(() => 999_999) },
  { rule: 'outlier', columns: ['size_cm', 'weight'], spoil: setEach((row, column) => Number(row[column]) * 100) },
  { rule: 'zero-value', columns: ['weight'], spoil: setEach(() => 0) },
  {
    rule: 'future-time',
    columns: ['seen_on'],
    brings: [
      { rule: 'unusual-delay', with: ['created_at'] },
      { rule: 'unusual-delay', with: ['updated_at'] },
    ],
    spoil: setEach((_, __, random) => `2071-03-${random.integer(10, 28)}`),
  },
  {
    rule: 'reversed-times',
    columns: ['updated_at'],
    with: ['created_at'],
    spoil: setEach((row, _, random) => timeText(secondsOf(row['created_at']) - random.integer(2, 5) * hour)),
  },
  {
    rule: 'gap-in-time',
    columns: ['created_at'],
    isEstimate: true,
    spoil: (_, __, random, all) => {
      const [from, missing] = [random.integer(600, 1_400), random.integer(80, 150)];
      for (const row of all.slice(from)) {
        row['created_at'] = timeText(secondsOf(row['created_at']) + missing * hour);
        row['updated_at'] = timeText(secondsOf(row['updated_at']) + missing * hour);
        row['seen_on'] = dayText(secondsOf(row['seen_on']) + missing * hour);
      }
      return missing;
    },
  },
  { rule: 'spelling', columns: ['status', 'region', 'category'], spoil: setEach((row, column) => String(row[column]).toUpperCase()) },
  { rule: 'placeholder-text', columns: ['status', 'region', 'category'], spoil: setEach(() => 'N/A') },
  { rule: 'padded-text', columns: ['label'], spoil: setEach((row, column) => `${row[column]}  `) },
  { rule: 'blank-text', columns: ['label', 'note'], spoil: setEach(() => '') },
  { rule: 'malformed-text', columns: ['link'], spoil: setEach((_, __, random) => `see page ${random.integer(1, 900)}`) },
  {
    rule: 'personal-data-in-text',
    columns: ['note'],
    spoil: setEach((row, column, random) => `${row[column]} Ask ada.${random.pick(words)}@example.com about it.`),
  },
  { rule: 'single-value', columns: ['status', 'region', 'category', 'priority'], spoil: (_, column, random, all) => {
    const { [column]: value = null } = random.pick(all);
    for (const row of all) row[column] = value;
    return all.length;
  } },
  { rule: 'empty-column', columns: ['factor', 'category', 'size_cm'], spoil: (_, column, __, all) => {
    for (const row of all) row[column] = null;
    return all.length;
  } },
  { rule: 'wrong-total', columns: ['total'], with: ['quantity', 'price'], spoil: setEach((row, column) => cents(Number(row[column]) + 13.7)) },
  {
    rule: 'duplicate-key',
    columns: ['entry_code'],
    spoil: (rows, column, _, all) => {
      const free = all.filter((row) => !rows.includes(row));
      for (const [index, row] of rows.entries()) row[column] = free[index]?.[column] ?? null;
    },
  },
  // The codes of copies repeat too, which nobody tells of.
  { rule: 'duplicate-rows', columns: [], spares: 'entry_code', spoil: (rows, _, __, all) => void all.push(...rows.map((row) => ({ ...row }))) },
]; // prettier-ignore

type Plan = { readonly table: string; readonly flaw: Flaw; readonly column: string; readonly seed: number };

/** Draws flaws: kinds in turn, in tables and columns at random, never two on one column. */
const drawPlans = (names: readonly string[], count: number, random: SeededRandom): readonly Plan[] => {
  const plans: Plan[] = [];
  const taken = new Set<string>();
  for (let tries = 0; plans.length < count; tries += 1) {
    if (tries > 100_000) throw new RangeError(`${names.length} tables have no room for ${count} flaws`);
    const flaw = flaws[plans.length % flaws.length] as Flaw;
    const table = random.pick(names);
    const column = flaw.columns.length === 0 ? '' : random.pick(flaw.columns);
    const places = [column, ...(flaw.with ?? []), ...(flaw.spares === undefined ? [] : [flaw.spares])].map(
      (name) => `${table}.${name}`,
    );
    if (places.some((place) => taken.has(place))) continue;
    for (const place of places) taken.add(place);
    plans.push({ table, flaw, column, seed: random.integer(1, 2 ** 31) });
  }
  // Rows are copied last, so that the copies are copies of what is there in the end.
  return plans.toSorted((a, b) => Number(a.column === '') - Number(b.column === ''));
};

/** A database with so many flaws planted in random places; the same for the same seed. */
export const createLargeDatabase = (options: {
  readonly tables: number;
  readonly rows?: number;
  readonly flaws?: number;
  readonly seed?: number;
}): LargeDatabase => {
  const { tables, rows: rowCount = 2_000, flaws: flawCount = 30, seed = 1 } = options;
  const names = Array.from({ length: tables }, (_, index) => `t${String(index + 1).padStart(3, '0')}`);
  const plans = drawPlans(names, flawCount, seededRandom(seed));
  const make = (name: string): { readonly table: LargeTable; readonly planted: readonly PlantedFinding[] } => {
    const index = names.indexOf(name);
    // Each points at the one before it, the first at the last.
    const target = names.at(index - 1) ?? name;
    const random = seededRandom(seed * 1_000 + index);
    const rows = Array.from({ length: rowCount }, (_, row) => soundRow(name, target, row, rowCount, random));
    const pick = rowPicker(random, [...rows]);
    const planted = plans
      .filter(({ table }) => table === name)
      .flatMap(({ flaw, column, seed: own }): readonly PlantedFinding[] => {
        const draw = seededRandom(own);
        const spoilt = pick(draw.integer(5, 19));
        const place = column === reference ? `${target}_id` : column;
        const told = flaw.spoil(spoilt, place, draw, rows) ?? spoilt.length;
        return [flaw, ...(flaw.brings ?? [])].map(({ rule, with: others = [] }) => ({
          rule,
          table: name,
          columns: place === '' ? [] : [place, ...others],
          rows: told,
          ...(flaw.isEstimate === true && { isEstimate: true }),
        }));
      });
    return { table: { name, columns: columnsOf(name, target), rows }, planted };
  };
  const spoilt = names.filter((name) => plans.some(({ table }) => table === name));
  return { names, table: (name) => make(name).table, planted: spoilt.flatMap((name) => make(name).planted) };
};
