import type * as z from 'zod';
import { nearest } from '../domain/nearest.ts';

/** One thing that is wrong with an input: its place as `body.tables.1`, and what is wrong, in plain words. */
export type DescribedIssue = { readonly where: string; readonly message: string };

type Issue = z.core.$ZodIssue;

/**
 * zod's complaints, each with its place. What is not known comes first: a field that is misspelt is the reason that another one
 * is missing. `fieldsAt` answers which fields there are at a path, by which the one that was meant is found.
 */
export const describeIssues = (
  issues: readonly Issue[],
  fieldsAt: (path: readonly PropertyKey[]) => readonly string[] = () => [],
): readonly DescribedIssue[] =>
  issues
    .toSorted((a, b) => Number(b.code === 'unrecognized_keys') - Number(a.code === 'unrecognized_keys'))
    .flatMap((issue) => {
      const where = issue.path.map(String).join('.');
      if (issue.code !== 'unrecognized_keys') return [{ where, message: issue.message }];
      return issue.keys.map((key) => ({ where, message: unknownKey(key, fieldsAt(issue.path)) }));
    });

const unknownKey = (key: string, fields: readonly string[]): string => {
  const [close] = nearest(key, fields);
  return `"${key}" is not known${close === undefined ? '' : `; is "${close}" meant?`}`;
};

/**
 * zod's complaints in plain words, to be given where a value is parsed: `schema.parse(value, { error: plainWords })`. What a
 * schema says of its own stands before it.
 */
export const plainWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${article(issue.expected)}, and is ${article(typeOf(issue.input))}`;
    case 'too_small':
      return outOfBounds(issue.origin, issue.minimum, issue.inclusive === false ? 'above' : 'at least');
    case 'too_big':
      return outOfBounds(issue.origin, issue.maximum, issue.inclusive === false ? 'below' : 'at most');
    case 'invalid_value':
      return `must be ${issue.values.map(shown).join(' or ')}`;
    default:
      return undefined;
  }
};

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Number.isNaN(value)) return 'NaN';
  return Array.isArray(value) ? 'array' : typeof value;
};

const article = (type: string): string => {
  if (type === 'int') return 'a whole number';
  if (type === 'null' || type === 'NaN') return type;
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
};

const outOfBounds = (origin: string, bound: number | bigint, how: string): string => {
  if (origin !== 'string' && origin !== 'array') return `must be ${how} ${bound}`;
  if (how === 'at least' && Number(bound) === 1) return 'must not be empty';
  const unit = origin === 'string' ? 'character' : 'item';
  return `must have ${how} ${bound} ${unit}${Number(bound) === 1 ? '' : 's'}`;
};

const shown = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : String(value));
