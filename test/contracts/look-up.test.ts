import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { lookUp } from '../../src/contracts/look-up.ts';

it('finds what is in a table, and nothing of what every object has', () => {
  expect(lookUp({ pg: 'PostgreSQL' }, 'pg')).toBe('PostgreSQL');
  const inherited = Object.getOwnPropertyNames(Object.prototype);
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...inherited), fc.string()), (name) => {
      expect(lookUp({}, name)).toBeUndefined();
    }),
  );
  expect(lookUp(JSON.parse('{"__proto__": "a name"}') as Record<string, string>, '__proto__')).toBe('a name');
});
