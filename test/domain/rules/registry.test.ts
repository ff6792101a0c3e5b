import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Name } from '../../../src/contracts/common.ts';
import { describeRules } from '../../../src/domain/rules/describe-rules.ts';
import { ruleGroups, rules } from '../../../src/domain/rules/registry.ts';
import { readGolden } from '../../support/read-golden.ts';

const root = join(import.meta.dirname, '../../..');

describe('The registry of rules', () => {
  it('gives each an id of its own, and each a file of that name', () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ruleGroups.flatMap((group) => group.rules)).toHaveLength(ids.length);
    const files = readdirSync(join(root, 'src/domain/rules'));
    for (const id of ids) expect(files).toContain(`${Name.parse(id)}.ts`);
  });

  it('says of each what it finds, and of each threshold why, in sentences', () => {
    for (const { id, says, needs, thresholds } of rules) {
      expect([id, says]).toEqual([id, expect.stringMatching(/^[A-Z].*[.…]$/)]);
      expect([id, needs]).toEqual([id, expect.stringMatching(/[^.]$/)]);
      for (const [name, { why, unit }] of Object.entries(thresholds)) {
        expect([id, name, why]).toEqual([id, name, expect.stringMatching(/^[A-Z].*\.$/)]);
        expect([id, name, unit]).toEqual([id, name, expect.stringMatching(/\w/)]);
      }
    }
  });

  it('is described by docs/rules.md', () => {
    const page = describeRules(rules);
    expect(page).toBe(readGolden(join(root, 'docs/rules.md'), page));
  });
});
