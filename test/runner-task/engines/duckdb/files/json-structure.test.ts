import { expect, it } from 'vitest';
import {
  JsonStructure,
  objectMembers,
  readableStructure,
} from '../../../../../runner-task/supervisor/engines/duckdb/files/json-structure.ts';

it('keeps members by names that every object has', () => {
  const given: unknown = JSON.parse('{"__proto__": "BIGINT", "constructor": ["VARCHAR"], "toString": "NULL"}');
  const names = (structure: JsonStructure) => objectMembers(structure)?.map(([name]) => name);
  const structure = JsonStructure.parse(given);
  expect(names(structure)).toEqual(['__proto__', 'constructor', 'toString']);
  expect(names(readableStructure(structure))).toEqual(['__proto__', 'constructor', 'toString']);
  expect(JsonStructure.safeParse({ a: 1 }).success).toBe(false);
});
