/** How a column’s type bears on its statistics. An engine’s dialect reads it from the engine’s own name of the type. */
export type ColumnType =
  | NumberType
  | TimeType
  | { readonly kind: 'text'; readonly native: boolean }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'other' };

/** A column of numbers. */
export type NumberType = {
  readonly kind: 'number';
  /** Whole numbers alone: the bars of its histogram have whole edges. */
  readonly integer: boolean;
  /** It can hold NaN and infinities, which no mean, quantile or extreme may include. */
  readonly floating: boolean;
  /** Sums of it can overflow the engine’s widest integer, so its moments are taken of doubles. */
  readonly wide: boolean;
};

/** A column of times: moments and days lie on the calendar, clock times within a day, spans on no axis. */
export type TimeType = { readonly kind: 'time'; readonly scale: 'moment' | 'day' | 'clock' | 'span' };
