import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionTable } from '../../lib/function-table.ts';
import { functionNames, needsOf } from '../../src/contracts/function-needs.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the table of functions', () => {
  it.each(functionNames)('grants %s what it needs, the stores of the one table together, and nothing else', (name) => {
    const { objects, secrets, workflow, sandbox, model, prompts, datasets, logs, ...stores } = needsOf(name);
    const others = { objects, secrets, workflow, sandbox, model, prompts, datasets, logs };
    const wanted = [
      ...Object.values(stores).flatMap((accesses) => accesses.map((access) => `table:${access}`)),
      ...Object.entries(others).flatMap(([port, accesses = []]) => accesses.map((access) => `${port}:${access}`)),
    ];
    expect(functionTable[name].grants.toSorted()).toEqual([...new Set(wanted)].toSorted());
  });

  it('lets everybody who writes to the table read it: a conditional write looks whether it was its own', () => {
    const blind = functionNames.filter(
      (name) =>
        functionTable[name].grants.includes('table:write') && !functionTable[name].grants.includes('table:read'),
    );
    expect(blind).toEqual([]);
  });

  it('knows a use case for each function but the two that tell of the service itself', () => {
    const without = functionNames.filter((name) => !existsSync(resolve(root, `src/use-cases/${name}.ts`)));
    expect(without).toEqual(['check-health', 'describe-api']);
  });
});
