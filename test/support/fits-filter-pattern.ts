/**
 * Whether CloudWatch Logs takes a line for one that fits a JSON filter pattern: `{ $.field = "text*" && ($.n > 5 || …) }`,
 * by its documentation. A line that is no JSON object fits none, nor does one without the field. What no pattern of ours uses
 * (`IS NULL`, `EXISTS`, patterns of words) is refused, so that none is taken for a pattern that finds nothing.
 */
export const fitsFilterPattern = (pattern: string, message: string): boolean => {
  const line = readLine(message);
  const tokens = [...pattern.matchAll(/\s*("(?:[^"\\]|\\.)*"|[{}()]|&&|\|\||[<>!]?=|[<>]|\$[\w.]+|-?[\d.]+|\S)/gy)].map(
    ([, token = '']) => token,
  );
  let at = 0;
  const take = (wanted?: string): string => {
    const token = tokens[at] ?? '';
    if (wanted !== undefined && token !== wanted)
      throw new Error(`Expected ${wanted} in place of ${token || 'the end'} in the filter pattern ${pattern}`);
    at += 1;
    return token;
  };
  /** Each is read to its end, whatever the ones before it said. */
  const joined = (by: string, read: () => boolean): boolean[] => {
    const found = [read()];
    while (tokens[at] === by) {
      take(by);
      found.push(read());
    }
    return found;
  };
  const some = (): boolean => joined('||', () => joined('&&', one).every(Boolean)).some(Boolean);
  const one = (): boolean => {
    if (tokens[at] === '(') {
      take('(');
      const inside = some();
      take(')');
      return inside;
    }
    const [selector, operator, value] = [take(), take(), take()];
    const compare = comparisons[operator];
    if (!selector.startsWith('$.') || compare === undefined || !/^["\d-]/.test(value))
      throw new Error(`Nobody here knows ${selector} ${operator} ${value} of the filter pattern ${pattern}`);
    return compare(fieldOf(line, selector), JSON.parse(value) as string | number);
  };
  take('{');
  const fits = some();
  take('}');
  if (at < tokens.length) throw new Error(`${tokens[at]} stands behind the end of the filter pattern ${pattern}`);
  return fits;
};

/** The value that a selector such as `$.seconds` finds in a line, as a metric takes it. */
export const fieldOf = (line: unknown, selector: string): unknown =>
  selector
    .split('.')
    .slice(1)
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined,
      line,
    );

const readLine = (message: string): unknown => {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
};

const equal = (found: unknown, value: string | number): boolean => {
  if (typeof value === 'number') return found === value;
  const parts = value.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return typeof found === 'string' && new RegExp(`^${parts.join('.*')}$`, 's').test(found);
};

const numeric =
  (holds: (found: number, value: number) => boolean) =>
  (found: unknown, value: string | number): boolean =>
    typeof found === 'number' && typeof value === 'number' && holds(found, value);

const comparisons: Readonly<Record<string, (found: unknown, value: string | number) => boolean>> = {
  '=': equal,
  '!=': (found, value) => found !== undefined && !equal(found, value),
  '<': numeric((found, value) => found < value),
  '>': numeric((found, value) => found > value),
  '<=': numeric((found, value) => found <= value),
  '>=': numeric((found, value) => found >= value),
};
