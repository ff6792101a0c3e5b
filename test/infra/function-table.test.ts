import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionTable } from '../../lib/function-table.ts';
import { functionNames, needsOf } from '../../src/contracts/function-needs.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the table of functions', () => {
  it.each(functionNames)('grants %s what it needs and nothing else', (name) => {
    const wanted = Object.entries<readonly string[]>(needsOf(name)).flatMap(([port, accesses]) =>
      accesses.map((access) => `${port}:${access}`),
    );
    expect(functionTable[name].grants.toSorted()).toEqual(wanted.toSorted());
  });

  it('lets no function make or revoke API keys', () => {
    expect(functionNames.filter((name) => functionTable[name].grants.includes('apiKeys:administer'))).toEqual([]);
  });

  it('knows a use case for each function but the two that tell of the service itself', () => {
    const without = functionNames.filter((name) => !existsSync(resolve(root, `src/use-cases/${name}.ts`)));
    expect(without).toEqual(['check-health', 'describe-api']);
  });
});
