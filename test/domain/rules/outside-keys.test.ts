import { describe, expect, it } from 'vitest';
import { planRules } from '../../../src/domain/rules/plan-rules.ts';
import { outlineTables } from '../../../src/domain/rules/outline-tables.ts';
import { table } from '../drift/surveys.ts';

describe('a declared foreign key to a table outside the run', () => {
  it('is told as not looked at, and asks nothing of that table', () => {
    const orders = table('orders', ['id', 'customer_id']);
    const narrowed = {
      ...orders,
      schema: {
        ...orders.schema,
        constraints: [{ kind: 'foreign_key', columns: ['customer_id'], outside: true }],
      },
    } as const;
    const { known, questions } = planRules({
      source: 'main',
      engine: 'duckdb',
      table: narrowed,
      outlines: outlineTables([narrowed]),
    });
    expect(known.not_looked_at).toMatchObject([
      {
        rule: 'orphan',
        reason: 'not_asked',
        columns: ['customer_id'],
        detail: expect.stringMatching(/^customer_id of orders points at a table outside this run/) as string,
      },
    ]);
    expect(questions.filter(({ rules }) => rules.includes('orphan'))).toEqual([]);
  });
});
