import { afterEach, describe, expect, it, vi } from 'vitest';
import { failureText, printFailure } from '../../../bin/commands/print-failure.ts';
import { Failure, toFailure } from '../../../src/contracts/failure.ts';

const printed = (failure: Failure, words: readonly string[]): string => {
  let text = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  printFailure(failure, words);
  vi.restoreAllMocks();
  return text;
};
const evil = 'x\u001b]0;PWNED\u0007\u009b2J\u202ey';

afterEach(() => vi.restoreAllMocks());

describe('a failure that is printed', () => {
  const failure = toFailure(new RangeError(evil));
  const acting = /[^\P{Cc}\n]|\p{Cf}/u;

  it('holds nothing that a terminal would act on, its stack neither', () => {
    const text = printed(failure, []);
    expect(text).toMatch(/PWNED[^]*\n {4}at /);
    expect(text).not.toMatch(acting);
  });

  it('holds no such thing as data, and is the same when it is read', () => {
    const text = printed(failure, ['--json']);
    expect(text).not.toMatch(acting);
    expect(JSON.parse(text)).toMatchObject({ failure: { message: evil } });
  });

  it('names the option that was given for when a schedule is due', () => {
    const failure = new Failure('INVALID_REQUEST', 'So it was.', { where: 'body.expression' });
    const said = (...words: string[]): string => failureText(failure, undefined, words);
    expect(said('schedules', 'add', 'x', 'y', '--rate', '1 minutes')).toMatch(/where: --rate$/);
    expect(said('schedules', 'add', 'x', 'y', '--rate=1 minutes')).toMatch(/where: --rate$/);
    expect(said('schedules', 'add', 'x', 'y', '--cron', '0')).toMatch(/where: --cron$/);
  });
});
