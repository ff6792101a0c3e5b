import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';

/** Statements use a few patterns, for each row again. */
const mostCompiled = 200;
const compiled = new Map<string, RegExp>();

const expressionOf = (pattern: SQLOutputValue): RegExp => {
  const source = String(pattern);
  const expression = compiled.get(source) ?? new RegExp(source, 'u');
  if (compiled.size < mostCompiled) compiled.set(source, expression);
  return expression;
};

const isMissing = (value: SQLOutputValue | undefined): boolean => value === null || typeof value === 'object';

const matches = (pattern: SQLOutputValue, value: SQLOutputValue): SQLInputValue =>
  isMissing(pattern) || isMissing(value) ? null : Number(expressionOf(pattern).test(String(value)));

/**
 * Functions that SQLite leaves to others, by name: what `value REGEXP pattern` calls, and what ibis calls where its own backend
 * would have added them.
 */
const scalars: Readonly<Record<string, (...values: readonly SQLOutputValue[]) => SQLInputValue>> = {
  regexp: (pattern = null, value = null) => matches(pattern, value),
  _ibis_regex_search: (value = null, pattern = null) => matches(pattern, value),
  _ibis_regex_replace: (value = null, pattern = null, replacement = null) =>
    [value, pattern, replacement].some(isMissing)
      ? null
      : String(value).replaceAll(new RegExp(String(pattern), 'gu'), () => String(replacement)),
  _ibis_regex_extract: (value = null, pattern = null, group = null) =>
    [value, pattern, group].some(isMissing)
      ? null
      : (expressionOf(pattern).exec(String(value))?.[Number(group)] ?? null),
  _ibis_date_delta: (later = null, earlier = null) => {
    const days =
      (Date.parse(`${String(later).slice(0, 10)}Z`) - Date.parse(`${String(earlier).slice(0, 10)}Z`)) / 86_400_000;
    return Number.isFinite(days) ? days : null;
  },
};

/** Takes a value into how many numbers there were, their mean, and the sum of the squares of what they differ from it. */
const spreadWith = (spread: Float64Array, value: SQLOutputValue | undefined): Float64Array => {
  if (typeof value !== 'number' && typeof value !== 'bigint') return spread;
  const [n = 0, mean = 0, squares = 0] = spread;
  const delta = Number(value) - mean;
  const next = mean + delta / (n + 1);
  spread.set([n + 1, next, squares + delta * (Number(value) - next)]);
  return spread;
};

/** Variances, of which ibis makes deviations: by what is taken from the number of values. */
const variances: Readonly<Record<string, number>> = { _ibis_var_pop: 0, _ibis_var_sample: 1 };

/** The names of the functions that are added: statements may call them. */
export const addedFunctions: readonly string[] = [...Object.keys(scalars), ...Object.keys(variances)];

/** Adds functions that compute from their arguments alone. A file's own schema cannot call them. */
export const addFunctions = (database: DatabaseSync): void => {
  // A whole number beyond 2^53 would fail as a number.
  const options = { deterministic: true, directOnly: true, varargs: true, useBigIntArguments: true };
  for (const [name, scalar] of Object.entries(scalars)) database.function(name, options, scalar);
  for (const [name, less] of Object.entries(variances))
    database.aggregate<Float64Array>(name, {
      directOnly: true,
      useBigIntArguments: true,
      start: () => new Float64Array(3),
      step: (spread, value) => spreadWith(spread, value),
      result: ([n = 0, , squares = 0]) => (n > less ? squares / (n - less) : null),
    });
};
