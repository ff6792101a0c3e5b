import { describe, expect, it } from 'vitest';
import { withholdValues } from '../../../runner-task/supervisor/engines/withhold-values.ts';
import { Failure } from '../../../src/contracts/failure.ts';

const outside = { views: [{ name: 'mine', table: 'mine' }], leading: [] };
const fails = (message: string) => (): Promise<never> => Promise.reject(new Failure('STATEMENT_FAILED', message));
const told = async (sql: string, message: string, of: typeof outside | 'all' = outside): Promise<string> => {
  try {
    await withholdValues(sql, of === 'all' ? undefined : of, fails(message));
    return '';
  } catch (error) {
    return String(error);
  }
};

describe('what a server says of a statement that reads a view', () => {
  it.each([
    "Conversion Error: Could not convert string 'secret 424242' to INT32",
    'Conversion Error: Could not convert string "a" secret\' 424242" to INT32',
    'Out of Range Error: Overflow in multiplication of INT32 (424242 * 9999)!',
    "BIGINT value is out of range in '`app`.`salaries`.`secret_amount` * 9' (ER_DATA_OUT_OF_RANGE)",
    'value -424242.5e10 is too much',
  ])('holds no value and no name: %s', async (message) => {
    const text = await told('SELECT * FROM MINE', message);
    expect(text).not.toMatch(/secret|salar|424242/);
    expect(text).toContain(message.slice(0, 5));
  });

  it('is whole where it is of the statement’s own words, or no view is read', async () => {
    expect(await told('SELECT x FROM mine', 'Binder Error: column "x" not found')).toContain('"x"');
    expect(await told("SELECT 'a' + 1 FROM orders", "no number: 'a'")).toContain("'a'");
    expect(await told('SELECT 1 FROM mine', "no number: 'a'", 'all')).toContain("'a'");
  });

  it('is withheld of warnings too, but for their kind', async () => {
    const table = { columns: [], values: [], rows: 0, truncated: false };
    const incomplete = ["The server warned (1292): Truncated incorrect value: 'secret 424242', and 3 like it."];
    const answer = await withholdValues('SELECT * FROM mine', outside, async () => ({ ...table, incomplete }));
    expect(answer.incomplete?.join('')).toContain('The server warned (1292): Truncated incorrect value: …');
    expect(answer.incomplete?.join('')).not.toContain('secret');
  });
});
