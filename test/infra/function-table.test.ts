import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionNames, functionTable } from '../../lib/function-table.ts';
import { type Route, routes } from '../../src/contracts/routes.ts';

const root = resolve(import.meta.dirname, '../..');

/** Ports that have something on AWS behind them, or in the bundle. */
const guarded = ['runs', 'objects', 'secrets', 'workflow', 'sandbox', 'prompts', 'model'];

const byFunction = new Map<string, Route>(Object.values(routes).map((route) => [route.function, route]));

/** The ports that share one table: a grant is for all of it. */
const stored = [
  'runs',
  'sessions',
  'nodeResults',
  'evidence',
  'steps',
  'leases',
  'connections',
  'idempotencyKeys',
  'requestCounts',
  'apiKeys',
];

/** The ports that a function's use case takes, as its own signature says, and those of the API key's check. */
const portsOf = (name: string): readonly string[] => {
  const route = byFunction.get(name);
  const file = resolve(root, `src/use-cases/${name}.ts`);
  const source = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const taken = [...source.matchAll(/Pick<\s*Ports,([^>]*)>/g)].flatMap(([, names = '']) =>
    [...names.matchAll(/'(\w+)'/g)].map(([, port = '']) => port),
  );
  const asked = route === undefined || route.roles === 'anyone' ? [] : ['runs'];
  // Whether a model writes is a name in the environment; only who calls it needs its key.
  const kept = taken.filter((port) => port !== 'model' || /\bmodel\s*\.reply\(/.test(source));
  const wanted = [...kept.map((port) => (stored.includes(port) ? 'runs' : port)), ...asked];
  return guarded.filter((port) => wanted.includes(port));
};

describe('the table of functions', () => {
  for (const name of functionNames) {
    it(`grants ${name} the ports that its use case takes, and no other`, () => {
      const granted = new Set<string>(functionTable[name].grants.map((grant) => grant.split(':')[0] ?? ''));
      expect(guarded.filter((port) => granted.has(port))).toEqual(portsOf(name));
    });
  }

  it('knows a use case for each function but the two that tell of the service itself', () => {
    const without = functionNames.filter((name) => !existsSync(resolve(root, `src/use-cases/${name}.ts`)));
    expect(without).toEqual(['check-health', 'describe-api']);
  });
});
