import { describe, expect, it } from 'vitest';
import { readExpression } from '../../../src/domain/schedule/read-expression.ts';

const refusal = (expression: string, zone = 'UTC'): string => {
  try {
    readExpression(expression, zone);
    return 'read';
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
};

describe('when a schedule is due', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(6 hours)', 6 * 3_600_000],
    ['rate(7 days)', 7 * 86_400_000],
  ])('%s is every so many milliseconds', (expression, milliseconds) => {
    expect(readExpression(expression, 'UTC')).toEqual({ kind: 'rate', milliseconds });
  });

  it.each([
    ['cron(0 6 * * ? *)', '0 0 6 * * ? *'],
    ['cron(0 6 ? * 2-6 *)', '0 0 6 ? * 1-5 *'],
    ['cron(0 6 ? * MON-FRI *)', '0 0 6 ? * MON-FRI *'],
    ['cron(0 6 ? * 6#1 *)', '0 0 6 ? * 5#1 *'],
    ['cron(0 6 ? * 6L *)', '0 0 6 ? * 5#L *'],
    ['cron(0 6 ? * L *)', '0 0 6 ? * 6 *'],
    ['cron(0 6 ? * 1,7 2027-2028)', '0 0 6 ? * 0,6 2027-2028'],
    ['cron(0/15 6 ? * 2/2 *)', '0 0/15 6 ? * 1/2 *'],
  ])('%s is the pattern %s', (expression, pattern) => {
    expect(readExpression(expression, 'Europe/Berlin')).toEqual({ kind: 'cron', pattern, time_zone: 'Europe/Berlin' });
  });

  it.each([
    ['0 6 * * *', /Write cron\(0 6 \* \* \? \*\)/],
    ['0 6 * * 1-5', /Write cron\(0 6 \? \* 2-6 \*\)/],
    ['0 6 * * 0', /Write cron\(0 6 \? \* 1 \*\)/],
    ['daily', /neither cron\(…\) nor rate\(…\)/],
    ['0 6 1 * 1', /neither cron/],
    ['rate(1 hours)', /Write rate\(1 hour\)/],
    ['rate(6 hour)', /Write rate\(6 hours\)/],
    ['rate(0 hours)', /never due/],
    ['cron(0 6 * * *)', /has 5 fields, of 6/],
    ['cron(0 6 * * * *)', /Write \? for exactly one/],
    ['cron(0 6 ? * ? *)', /Write \? for exactly one/],
    ['cron(0 25 * * ? *)', /cannot be read/],
    ['cron(61 6 * * ? *)', /cannot be read/],
    ['cron(0 6 ? * 8 *)', /1, Sunday, to 7, Saturday/],
    ['cron(0 6 ? * 0 *)', /1, Sunday, to 7, Saturday/],
    ['cron(? ? * * ? *)', /has "\?" for its minutes/],
    ['cron(0 ? * * ? *)', /has "\?" for its hours/],
    ['cron(0 6 ? ? 2 *)', /has "\?" for its month/],
    ['cron(0 6 * * ? ?)', /has "\?" for its year/],
    ['cron(0 6 ?,1 * ? *)', /has "\?,1" for its day of the month/],
    ['cron(0 6 * * ? *\t)', /for its year/],
    ['cron(\t0 6 * * ? *)', /for its minutes/],
    ['cron(0 6 * * ? *)\t', /neither cron/],
    ['rate(6 hours)\t', /neither cron/],
  ])('%s is refused, and told what to write', (expression, message) => {
    expect(refusal(expression)).toMatch(message);
  });

  it.each(['cron(0 6 * * ? *)', 'rate(6 hours)'])('a time zone that is none is refused with %s', (expression) => {
    expect(refusal(expression, 'Middle/Earth')).toMatch(/"Middle\/Earth" is no time zone/);
    expect(refusal(expression, '\u001b]0;PWNED\u0007')).toMatch(/is no time zone/);
  });
});
