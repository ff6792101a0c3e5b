import { describe, expect, it } from 'vitest';
import { evaluateTemplate } from '../../../../src/adapters/local/asl/expression.ts';

const evaluate = (text: string, variables: Readonly<Record<string, unknown>> = {}): Promise<unknown> =>
  evaluateTemplate(`{% ${text} %}`, 'Output', variables);

describe('the functions that Step Functions adds to JSONata', () => {
  it.each([
    ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
    ['$partition([], 2)', []],
    ['$range(0, 10, 5)', [0, 5, 10]],
    ['$range(5, 1, -2)', [5, 3, 1]],
    ['$range(1, 0, 1)', []],
    ["$hash('abc', 'SHA-256')", 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ["$hash('abc', 'MD5')", '900150983cd24fb0d6963f7d28e17f72'],
    ["$hash('abc', 'SHA-1')", 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['$parse(\'{"a":[1,null]}\')', { a: [1, null] }],
    ['$match($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/).index', 0],
    ['$random(7) = $random(7)', true],
    ['$random(7) = $random(8)', false],
    ['($r := $random(); $r >= 0 and $r < 1)', true],
    ['$random(3) < 1 and $random(3) >= 0', true],
  ])('%s', async (text, value) => {
    expect(await evaluate(text)).toEqual(value);
  });

  it.each([
    ['$partition([1], 0)', 'positive integer'],
    ['$range(0, 1, 0)', 'a step other than 0'],
    ['$range(0, 5000, 1)', 'at most 1000 items'],
    ["$hash('abc', 'CRC32')", 'not CRC32'],
    ["$parse('{')", 'JSON'],
    ["$eval('1')", '$parse'],
    ["$partition('abc')", 'T0410'],
    ['$nowhere(1)', 'T1006'],
  ])('%s fails, saying why', async (text, why) => {
    await expect(evaluate(text)).rejects.toThrow(why);
  });
});

describe('an expression', () => {
  it('keeps what JSONata gives: an array of one, nothing at all in a list, nulls', async () => {
    const states = { input: { one: [1], none: [], nothing: null } };
    expect(await evaluate('$states.input.one', { states })).toEqual([1]);
    expect(await evaluate('$states.input.none', { states })).toEqual([]);
    expect(await evaluate('$states.input.nothing', { states })).toBeNull();
  });

  it('says which field an error is in', async () => {
    const template = { list: [1, { deep: "{% 'a' + 1 %}" }] };
    await expect(evaluateTemplate(template, 'Arguments', {})).rejects.toMatchObject({
      name: 'EvaluationError',
      location: 'Arguments/list[1]/deep',
      message: expect.stringContaining('threw an error during evaluation. T2001'),
    });
  });

  it('has no result where the result is a function', async () => {
    await expect(evaluate('$sum')).rejects.toThrow('unsupported result type');
    await expect(evaluate('function($x){$x}')).rejects.toThrow('unsupported result type');
  });
});
