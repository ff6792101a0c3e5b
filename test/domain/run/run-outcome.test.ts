import { describe, expect, it } from 'vitest';
import { runOutcome } from '../../../src/domain/run/run-outcome.ts';
import { reportOfCause } from '../../../src/contracts/failure-cause.ts';

const lambdaCause = (message: string): string =>
  JSON.stringify({ errorType: 'TABLE_NOT_FOUND', errorMessage: message });

describe('the outcome of a run', () => {
  it('is none while the execution goes on', () => {
    expect(runOutcome('RUNNING', '', '')).toBeUndefined();
  });

  it('keeps the failure’s own name and the message a person can act on', () => {
    expect(runOutcome('FAILED', 'TABLE_NOT_FOUND', lambdaCause('There is no table "ordres".'))).toEqual({
      status: 'failed',
      failure: { kind: 'TABLE_NOT_FOUND', message: 'There is no table "ordres".' },
    });
  });

  it('finds the failure inside a child execution', () => {
    const cause = JSON.stringify({
      Status: 'FAILED',
      Error: 'SANDBOX_LOST',
      Cause: lambdaCause('The sandbox is gone.'),
    });
    expect(reportOfCause('States.TaskFailed', cause)).toEqual({
      kind: 'SANDBOX_LOST',
      message: 'The sandbox is gone.',
    });
  });

  it('tells the beginning of a message whose cause was cut anywhere', () => {
    const whole = lambdaCause('The "disk" is \u0007full:\nfree some space.');
    const start = whole.indexOf('The ');
    for (let length = start + 4; length < whole.length - 2; length += 1) {
      const { kind, message } = reportOfCause('STORAGE_FAILED', whole.slice(0, length));
      expect(kind).toBe('STORAGE_FAILED');
      expect(message).toMatch(/^The .*…$/s);
      expect('The "disk" is \u0007full:\nfree some space.…').toContain(message.slice(0, -1));
    }
    const cut = whole.slice(0, whole.indexOf(' some'));
    expect(reportOfCause('STORAGE_FAILED', cut).message).toBe('The "disk" is \u0007full:\nfree…');
  });

  it('calls a used-up budget by its own status', () => {
    expect(runOutcome('FAILED', 'BUDGET_EXCEEDED', '25 turns are used up')?.status).toBe('budget_exceeded');
  });

  it('tells a stop by a person from a service that died', () => {
    expect(runOutcome('ABORTED', '', '')).toMatchObject({ status: 'cancelled', failure: { kind: 'RUN_CANCELLED' } });
    expect(runOutcome('ABORTED', 'RUN_INTERRUPTED', 'the service stopped')).toMatchObject({
      status: 'interrupted',
      failure: { message: 'the service stopped' },
    });
  });

  it('calls a timeout of the run and one of a state timed out', () => {
    expect(runOutcome('TIMED_OUT', 'States.Timeout', '')?.status).toBe('timed_out');
    expect(runOutcome('FAILED', 'States.Timeout', '')?.status).toBe('timed_out');
  });

  it('calls what the failure table does not know INTERNAL and keeps the name', () => {
    expect(runOutcome('FAILED', 'States.Runtime', 'bad path')).toEqual({
      status: 'failed',
      failure: { kind: 'INTERNAL', message: 'States.Runtime: bad path' },
    });
  });
});
