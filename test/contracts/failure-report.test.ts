import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { causeOf, reportOfCause } from '../../src/contracts/failure-cause.ts';
import { FailureReport, failureFrom, reportOf } from '../../src/contracts/failure-report.ts';
import { Failure } from '../../src/contracts/failure.ts';

const whole = new Failure('DATABASE_REFUSED', 'The "shop" database refused\nthe login.', {
  where: 'db.example:5432',
  excerpt: 'LINE 1: SELECT\n        ^',
  advice: { kind: 'test_connection', connection: 'shop' },
});

/** What Lambda makes of what a function throws. */
const ofLambda = (message: string): string =>
  JSON.stringify({ errorType: whole.kind, errorMessage: message, trace: [`${whole.kind}: ${message}`, '    at …'] });

describe('a failure as it is stored', () => {
  it('comes back as it was', () => {
    const report = reportOf(whole);
    expect(FailureReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(reportOf(failureFrom(report))).toEqual(report);
    expect(failureFrom(report)).toBeInstanceOf(Failure);
  });

  it('says nothing in the words of a validator, whatever it is made from', () => {
    const thrown = z.array(z.strictObject({ path: z.array(z.string()) })).safeParse([{ a: 'garbage' }]).error;
    const { kind, message } = reportOf(thrown);
    expect(kind).toBe('INTERNAL');
    expect(message).toMatch(/^Something that was read is not of the form/);
    expect(JSON.stringify(reportOf(thrown))).not.toMatch(/expected|invalid_type|unrecognized_keys/);
  });

  it('is read where it was stored before there was advice', () => {
    const old = { kind: 'TABLE_NOT_FOUND', message: 'There is no table "ordres".' };
    expect(reportOf(failureFrom(FailureReport.parse(old)))).toEqual(old);
  });

  it('becomes INTERNAL where its name is no row of the table, and keeps the name', () => {
    expect(reportOf(failureFrom({ kind: 'States.Runtime', message: 'bad path' }))).toEqual({
      kind: 'INTERNAL',
      message: 'States.Runtime: bad path',
    });
  });

  it('is made of anything that is thrown', () => {
    expect(reportOf(new TypeError('x is not a function'))).toEqual({
      kind: 'INTERNAL',
      message: 'x is not a function',
    });
    expect(reportOf('a text')).toEqual({ kind: 'INTERNAL', message: 'a text' });
  });
});

describe('a failure on its way through a machine', () => {
  it('comes back whole from the cause of a function, and from that of an execution which failed of it', () => {
    const cause = ofLambda(causeOf(reportOf(whole)));
    expect(reportOfCause(whole.kind, cause)).toEqual(reportOf(whole));
    const execution = JSON.stringify({ Status: 'FAILED', Error: whole.kind, Cause: cause });
    expect(reportOfCause('States.TaskFailed', execution)).toEqual(reportOf(whole));
    const handedOn = JSON.stringify({ Status: 'FAILED', Error: whole.kind, Cause: causeOf(reportOf(whole)) });
    expect(reportOfCause('States.TaskFailed', handedOn)).toEqual(reportOf(whole));
  });

  it('is its message alone where there is no more to it', () => {
    expect(causeOf(reportOf(new Failure('INTERNAL', 'So it was.')))).toBe('So it was.');
    expect(reportOfCause('INTERNAL', 'So it was.')).toEqual({ kind: 'INTERNAL', message: 'So it was.' });
  });

  it.each([
    ['as a function threw it', ofLambda(causeOf(reportOf(whole)))],
    ['as a machine handed it on', causeOf(reportOf(whole))],
  ])('tells the beginning of its message where it was cut, %s', (_how, cause) => {
    const start = cause.indexOf('The ');
    const end = cause.indexOf('login.') + 'login.'.length;
    expect(start).toBeGreaterThan(0);
    for (let length = start + 4; length < end; length += 1) {
      const { kind, message } = reportOfCause(whole.kind, cause.slice(0, length));
      expect(kind).toBe(whole.kind);
      expect(message).toMatch(/^The .*…$/s);
      expect(whole.message).toContain(message.slice(0, -1));
    }
  });
});
