import type { Basis, ColumnProfile, HistogramBin, ShownValue, TableProfile } from '../../contracts/profile.ts';
import type { ResultTable } from '../../contracts/sandbox.ts';
import type { ColumnSchema } from '../../contracts/schema.ts';
import { columnKind, isCountable } from './column-kind.ts';
import { distinctCount, quantilePoints } from './column-figures.ts';
import type { ProfilePlan } from './profile-plan.ts';
import { histogramBins, histogramEdges, outlierFences } from './profile-statements.ts';
import type { Figures } from './read-figures.ts';
import { type TextShape, shapeConditions } from './text-shape-conditions.ts';

/** One row of the second round. */
type Detail = { readonly part: string; readonly label: string; readonly count: number };

/** Puts the results of both rounds together. `context` is what only the caller knows. */
export const readTableProfile = (
  plan: ProfilePlan,
  figures: Figures,
  detailResults: readonly ResultTable[],
  context: Pick<TableProfile, 'statements' | 'profiled_at' | 'milliseconds'>,
): TableProfile => {
  const details = readDetails(detailResults);
  const basis = basesOf(plan);
  const rows = figures.number(undefined, 'rows');
  return {
    table: plan.schema.name,
    schema: plan.schema,
    rows: plan.preview ? { basis: 'approximate', count: plan.rows } : { basis: 'exact', count: rows },
    ...(plan.sample === undefined
      ? {}
      : { sample: { ...plan.sample, rows: figures.number(undefined, plan.preview ? 'rows' : 'sample_rows') } }),
    columns: plan.schema.columns.map((column, index) =>
      readColumn(plan, basis, column, index, figures, details.get(index) ?? []),
    ),
    ...(figures.has(undefined, 'duplicate_rows')
      ? { duplicate_rows: { basis: basis.pass, count: figures.number(undefined, 'duplicate_rows') } }
      : {}),
    ...context,
  };
};

/** How far each part can be trusted: the pass over all rows, and what comes from the sample where there is one. */
type Bases = { readonly pass: Basis; readonly order: Basis };
const basesOf = ({ sample, preview }: ProfilePlan): Bases => {
  if (sample === undefined) return { pass: 'exact', order: 'exact' };
  return { pass: preview ? 'sample' : 'exact', order: 'sample' };
};

const readColumn = (
  plan: ProfilePlan,
  basis: Bases,
  column: ColumnSchema,
  index: number,
  figures: Figures,
  details: readonly Detail[],
): ColumnProfile => {
  const kind = columnKind(column.type);
  const rows = figures.number(undefined, 'rows');
  const values = figures.number(index, 'values');
  const nulls = rows - values;
  const number = (name: string): number => figures.number(index, name);
  const has = (name: string): boolean => figures.has(index, name);
  const shown = (name: string): ShownValue => showValue(kind, figures.text(index, name) ?? '');

  return {
    name: column.name,
    type: column.type,
    kind,
    nulls: { basis: basis.pass, count: nulls, share: rows === 0 ? 0 : nulls / rows },
    ...distinct(plan, column, figures, index),
    ...(has('min') && has('max') ? { range: { basis: basis.pass, min: shown('min'), max: shown('max') } } : {}),
    ...(has('mean') && isFinite(number('mean'))
      ? { moments: { basis: basis.pass, mean: number('mean'), deviation: finiteOr0(number('deviation')) } }
      : {}),
    ...(kind === 'number'
      ? {
          signs: {
            basis: basis.pass,
            zero: number('zero'),
            negative: number('negative'),
            not_finite: number('not_finite'),
          },
        }
      : {}),
    ...(has('p50') ? { quantiles: { basis: basis.order, ...quantiles(shown) } } : {}),
    ...outliers(basis, figures, index, details),
    ...(has('length_min')
      ? {
          lengths: {
            basis: basis.pass,
            min: number('length_min'),
            max: number('length_max'),
            mean: number('length_mean'),
          },
        }
      : {}),
    ...top(basis, kind, details),
    ...histogram(plan, basis, kind, figures, index, details),
    ...(kind === 'text' && number('shape_values') > 0
      ? { shapes: { basis: basis.order, values: number('shape_values'), ...shapes(number) } }
      : {}),
    ...(kind === 'time' && has('max')
      ? {
          freshness: {
            basis: basis.pass,
            newest: figures.text(index, 'max') ?? '',
            age_seconds: Math.round(plan.now - number('newest_epoch')),
            in_future: number('in_future'),
          },
        }
      : {}),
  };
};

const distinct = (
  plan: ProfilePlan,
  { type }: ColumnSchema,
  figures: Figures,
  index: number,
): Pick<ColumnProfile, 'distinct'> => {
  if (!isCountable(type)) return {};
  const isLarge = plan.sample !== undefined && !plan.preview;
  const how = distinctCount(type, isLarge);
  const basis = { exact: plan.preview ? 'sample' : 'exact', estimate: 'approximate', sample: 'sample' } as const;
  const values = figures.number(index, how === 'sample' ? 'sample_values' : 'values');
  // An estimate can come out above the number of values there are.
  const count = Math.min(figures.number(index, 'distinct'), values);
  return { distinct: { basis: basis[how], count, share: values === 0 ? 0 : count / values } };
};

const quantiles = (shown: (name: string) => ShownValue) =>
  Object.fromEntries(Object.keys(quantilePoints).map((name) => [name, shown(name)])) as Record<
    keyof typeof quantilePoints,
    ShownValue
  >;

const shapes = (number: (name: string) => number) =>
  Object.fromEntries(shapeConditions.map(({ shape }) => [shape, number(`shape_${shape}`)])) as Record<
    TextShape,
    number
  >;

const outliers = (
  basis: Bases,
  figures: Figures,
  index: number,
  details: readonly Detail[],
): Pick<ColumnProfile, 'outliers'> => {
  const fences = outlierFences(figures, index);
  const found = details.find(({ part }) => part === 'outliers');
  if (fences === undefined || found === undefined) return {};
  return {
    outliers: {
      basis: basis.order,
      below: Number(found.label),
      above: found.count,
      low_fence: fences.low,
      high_fence: fences.high,
    },
  };
};

const top = (
  basis: Bases,
  kind: ColumnProfile['kind'],
  details: readonly Detail[],
): Pick<ColumnProfile, 'top_values'> => {
  const values = details
    .filter(({ part }) => part === 'top')
    .map(({ label, count }) => ({ value: showValue(kind, label), count }));
  return values.length === 0 ? {} : { top_values: { basis: basis.order, values } };
};

const histogram = (
  plan: ProfilePlan,
  basis: Bases,
  kind: ColumnProfile['kind'],
  figures: Figures,
  index: number,
  details: readonly Detail[],
): Pick<ColumnProfile, 'histogram'> => {
  const edges = histogramEdges(plan, figures, index);
  if (edges === undefined) return {};
  const counts = new Map(
    details.filter(({ part }) => part === 'bin').map(({ label, count }) => [Number(label), count]),
  );
  const width = (edges.high - edges.low) / histogramBins;
  const edge = (at: number): ShownValue => {
    const value = at === 0 ? edges.min : at === histogramBins ? edges.max : edges.low + at * width;
    return kind === 'time' ? new Date(value * 1000).toISOString() : value;
  };
  const bins: readonly HistogramBin[] = Array.from({ length: histogramBins }, (_, bin) => ({
    from: edge(bin),
    to: edge(bin + 1),
    count: counts.get(bin) ?? 0,
  }));
  return { histogram: { basis: basis.order, bins } };
};

const readDetails = (results: readonly ResultTable[]): ReadonlyMap<number, readonly Detail[]> => {
  const details = new Map<number, Detail[]>();
  for (const { values, rows } of results) {
    const [column = [], part = [], label = [], count = []] = values;
    for (let row = 0; row < rows; row += 1) {
      const index = Number(column[row]);
      const list = details.get(index) ?? [];
      list.push({ part: String(part[row]), label: String(label[row]), count: Number(count[row]) });
      details.set(index, list);
    }
  }
  return details;
};

/** A number as a number where no digit is lost; everything else in the engine’s own notation. */
const showValue = (kind: ColumnProfile['kind'], text: string): ShownValue => {
  if (kind === 'boolean') return text === 'true';
  if (kind !== 'number') return text;
  const value = Number(text);
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value) || /[.e]/i.test(text))
    ? value
    : text;
};

const finiteOr0 = (value: number): number => (Number.isFinite(value) ? value : 0);
