import { describe, expect, it } from 'vitest';
import { allows, statementsOf } from './policy.ts';
import { resolver } from './resolve.ts';

const resolve = resolver({ resources: [], ofType: () => [] });
const policy = (...Statement: readonly object[]) => statementsOf({ Statement }, resolve);
const reads = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' };
const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::a/x/y' };

describe('a policy as the tests evaluate it', () => {
  it('allows what a statement names, and nothing else', () => {
    expect(allows(policy(reads), request)).toBe(true);
    expect(allows(policy(reads), { ...request, action: 's3:PutObject' })).toBe(false);
    expect(allows(policy(reads), { ...request, resource: 'arn:aws:s3:::ab/x' })).toBe(false);
    expect(allows([], request)).toBe(false);
  });

  it('takes * for any characters, ? for one, and all else for itself', () => {
    const like = (Resource: string, resource: string) =>
      allows(policy({ ...reads, Resource }), { ...request, resource });
    expect(like('a.?*', 'a.bcd')).toBe(true);
    expect(like('a.?*', 'axbcd')).toBe(false);
    expect(like('a.?*', 'a.')).toBe(false);
  });

  it('denies what one statement denies, whatever others allow', () => {
    expect(allows(policy(reads, { ...reads, Effect: 'Deny' }), request)).toBe(false);
  });

  it('allows under a condition only whom it is about', () => {
    const ours = policy({ ...reads, Condition: { StringEquals: { 'aws:PrincipalAccount': '1' } } });
    const by = (account: string) => ({ ...request, context: { 'aws:PrincipalAccount': [account] } });
    expect([allows(ours, by('1')), allows(ours, by('2')), allows(ours, request)]).toEqual([true, false, false]);
    const keys = policy({ ...reads, Condition: { 'ForAllValues:StringLike': { k: ['A#*'] } } });
    const asking = (...k: readonly string[]) => ({ ...request, context: { k } });
    expect([allows(keys, asking('A#1')), allows(keys, asking('A#1', 'B#1')), allows(keys, request)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('asks every condition of a key, and of one that excludes that no value is what it names', () => {
    const key = (...like: readonly string[]) => ({ k: like });
    const Condition = {
      'ForAllValues:StringLike': key('A#*'),
      'ForAllValues:StringNotLike': key('A#*#B', 'A#*#C'),
    };
    const asking = (...k: readonly string[]) => allows(policy({ ...reads, Condition }), { ...request, context: { k } });
    expect([asking('A#1'), asking('A#1#D')]).toEqual([true, true]);
    expect([asking('A#1#B'), asking('A#1#C'), asking('A#1', 'A#1#B'), asking('B#1')]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('says so where it does not know what a statement means', () => {
    expect(() => policy({ ...reads, NotAction: 'x' })).toThrow(/NotAction/);
    const odd = policy({ ...reads, Condition: { NumericLessThan: { k: '1' } } });
    expect(() => allows(odd, request)).toThrow(/NumericLessThan/);
  });
});
