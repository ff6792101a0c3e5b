import { describe, expect, it } from 'vitest';
import { groupSpellings } from '../../../src/domain/rules/spelling-groups.ts';

const group = (values: Record<string, number>): Record<string, readonly string[]> =>
  Object.fromEntries(
    groupSpellings(Object.entries(values).map(([text, n]) => ({ text, n }))).map(({ main, others }) => [
      main.text,
      others.map(({ text }) => text),
    ]),
  );

describe('Spellings of one thing', () => {
  it('differ in case, white space and punctuation', () => {
    expect(group({ 'Web form': 90, 'web-form': 4, 'WEB FORM ': 2, chat: 50 })).toEqual({
      'Web form': ['web-form', 'WEB FORM '],
    });
  });

  it('are rare values one letter away from a frequent one, two where the word is long', () => {
    expect(group({ Germany: 900, Germnay: 3, Germay: 2, Greece: 400 })).toEqual({ Germany: ['Germnay', 'Germay'] });
    expect(group({ electronics: 900, elctronnics: 3 })).toEqual({ electronics: ['elctronnics'] });
  });

  it('are not values that differ in a digit, are short, or are as frequent', () => {
    expect(group({ 'sensor-01': 900, 'sensor-02': 3 })).toEqual({});
    expect(group({ gold: 900, cold: 3 })).toEqual({});
    expect(group({ patient: 500, patent: 400 })).toEqual({});
    expect(group({ Österreich: 50, Frankreich: 40 })).toEqual({});
  });
});
