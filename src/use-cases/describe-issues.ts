import type { z } from 'zod';
import { nearest } from '../domain/nearest.ts';

/** One thing that is wrong with an input: its place as `body.tables.1`, and what is wrong, in plain words. */
export type DescribedIssue = { readonly where: string; readonly message: string };

type Issue = z.core.$ZodIssue;

/**
 * zod's complaints in plain words. What is not known comes first: a field that is misspelt is the reason that another one
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
      if (issue.code !== 'unrecognized_keys') return [{ where, message: inPlainWords(issue) }];
      return issue.keys.map((key) => ({ where, message: unknownKey(key, fieldsAt(issue.path)) }));
    });

const unknownKey = (key: string, fields: readonly string[]): string => {
  const [close] = nearest(key, fields);
  return `"${key}" is not known${close === undefined ? '' : `; is "${close}" meant?`}`;
};

const inPlainWords = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return ofType(issue.message);
    case 'too_small':
      return outOfBounds(issue.message, issue.origin, issue.minimum, issue.inclusive === false ? 'above' : 'at least');
    case 'too_big':
      return outOfBounds(issue.message, issue.origin, issue.maximum, issue.inclusive === false ? 'below' : 'at most');
    case 'invalid_value':
      return generated.test(issue.message) ? `must be ${issue.values.map(shown).join(' or ')}` : issue.message;
    default:
      return issue.message;
  }
};

/** The starts of zod's own messages; any other text was written for this field, and stays. */
const generated = /^(Invalid (input|option)|Too (small|big)): expected /;

const ofType = (message: string): string => {
  const [, expected, received] = /^Invalid input: expected (.+), received (.+)$/.exec(message) ?? [];
  if (expected === undefined || received === undefined) return message;
  return received === 'undefined' ? 'is missing' : `must be ${article(expected)}, and is ${article(received)}`;
};

const article = (type: string): string => {
  if (type === 'int') return 'a whole number';
  if (type === 'null' || type === 'NaN') return type;
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
};

const outOfBounds = (message: string, origin: string, bound: number | bigint, how: string): string => {
  if (!generated.test(message)) return message;
  if (origin !== 'string' && origin !== 'array') return `must be ${how} ${bound}`;
  if (how === 'at least' && Number(bound) === 1) return 'must not be empty';
  const unit = origin === 'string' ? 'character' : 'item';
  return `must have ${how} ${bound} ${unit}${Number(bound) === 1 ? '' : 's'}`;
};

const shown = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : String(value));
