import { inChunks } from './in-chunks.ts';
import type { ProfileDialect } from './profile-dialect.ts';
import type { PlannedColumn } from './table-profile-plan.ts';

/** One cell of the core’s result: what it says of which column; the table itself has no position. */
export type CoreFigure = { readonly position?: number; readonly figure: FigureName };

/** What the core knows of a column; `rows` and `all_rows` are of the table. */
export type FigureName =
  | 'all_rows'
  | 'rows'
  | 'filled'
  | 'distinct'
  | 'min'
  | 'max'
  | 'mean'
  | 'deviation'
  | 'zero'
  | 'negative'
  | 'not_finite'
  | 'true'
  | 'shortest'
  | 'longest'
  | 'mean_length'
  | 'newest_epoch'
  | 'in_future';

/** What the core statements are made for. */
export type CorePlan = {
  readonly dialect: ProfileDialect;
  /** The quoted name. */
  readonly table: string;
  /** What is read: the table or a sample of it. */
  readonly source: string;
  readonly sampled: boolean;
  readonly now: string;
  readonly estimateDistinct: (column: PlannedColumn) => boolean;
};

type Figures = readonly (readonly [FigureName, string])[];

/** Characters that are shown of a text’s extremes. */
const shownCharacters = 200;

/** A statement that passes over all rows once may hold so many columns; a second pass over the others costs less than its planning. */
const columnsPerStatement = 50;

const typeFigures = (column: PlannedColumn, { dialect, now }: CorePlan): Figures => {
  const name = dialect.quoteName(column.name);
  switch (column.is.kind) {
    case 'number': {
      const value = dialect.finite(name, column.is);
      const summable = dialect.summable(name, column.is);
      return [
        ['min', `min(${value})`],
        ['max', `max(${value})`],
        ['mean', `avg(${summable})`],
        ['deviation', `stddev_samp(${summable})`],
        ['zero', dialect.countIf(`${name} = 0`)],
        ['negative', dialect.countIf(`${name} < 0`)],
        ...(column.is.floating ? [['not_finite', `count(${name}) - count(${value})`] as const] : []),
      ];
    }
    case 'text': {
      const value = column.is.native ? name : dialect.asText(name);
      const length = dialect.length(value);
      return [
        ['min', dialect.beginning(`min(${value})`, shownCharacters)],
        ['max', dialect.beginning(`max(${value})`, shownCharacters)],
        ['shortest', `min(${length})`],
        ['longest', `max(${length})`],
        ['mean_length', `avg(${length})`],
      ];
    }
    case 'time': {
      const value = dialect.finite(name, column.is);
      const extremes: Figures = [
        ['min', dialect.asText(`min(${value})`)],
        ['max', dialect.asText(`max(${value})`)],
      ];
      if (column.is.scale === 'clock' || column.is.scale === 'span') return extremes;
      return [
        ...extremes,
        ['newest_epoch', dialect.epoch(`max(${value})`)],
        ['in_future', dialect.countIf(`${value} > ${dialect.moment(now)}`)],
      ];
    }
    case 'boolean':
      return [['true', dialect.countIf(name)]];
    case 'other':
      return [];
    default:
      return column.is satisfies never;
  }
};

const columnFigures = (column: PlannedColumn, plan: CorePlan): Figures => {
  const name = plan.dialect.quoteName(column.name);
  return [
    ['filled', `count(${name})`],
    ...(plan.estimateDistinct(column) ? [['distinct', plan.dialect.approximateDistinct(name)] as const] : []),
    ...typeFigures(column, plan),
  ];
};

/** The statements that pass over the rows once each for what needs no order: counts, extremes, moments, lengths. */
export const coreStatements = (columns: readonly PlannedColumn[], plan: CorePlan) => {
  const { dialect, source, table, sampled } = plan;
  const lines = columns.map((column) => {
    const figures = columnFigures(column, plan);
    return {
      layout: figures.map(([figure]): CoreFigure => ({ position: column.position, figure })),
      sql: figures.map(([figure, sql]) => `${sql} AS ${dialect.quoteName(`${column.name} ${figure}`)}`).join(', '),
    };
  });
  const head = {
    layout: [{ figure: 'rows' }, ...(sampled ? [{ figure: 'all_rows' } as const] : [])] as readonly CoreFigure[],
    sql: `count(*) AS "rows"${sampled ? `, (SELECT count(*) FROM ${table}) AS "all rows"` : ''}`,
  };
  const chunks = lines.length === 0 ? [[]] : inChunks(lines, columnsPerStatement, ({ sql }) => sql.length);
  return chunks.map((chunk) => ({
    purpose: 'core' as const,
    layout: [head, ...chunk].flatMap(({ layout }) => layout),
    sql: `SELECT ${[head, ...chunk].map(({ sql }) => sql).join(',\n  ')}\nFROM ${source}`,
  }));
};
