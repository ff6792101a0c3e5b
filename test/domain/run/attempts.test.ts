import { describe, expect, it } from 'vitest';
import type { Step } from '../../../src/contracts/step.ts';
import { continuedConversation } from '../../../src/domain/agent/continued-conversation.ts';
import { exceededLimit, limitUses, secondsLeft } from '../../../src/domain/budget/limits.ts';
import { endedSteps, stepsBeforeAttempt, stepsOfAttempt } from '../../../src/domain/run/attempt-steps.ts';
import { decodeTime } from 'ulid';
import { RunId } from '../../../src/contracts/common.ts';
import { runIdsOf } from '../../../src/contracts/execution.ts';
import { adoptedRunId, runOfExecution } from '../../../src/domain/run/adopted-run.ts';
import { currentExecution, executionName } from '../../../src/domain/run/execution-name.ts';
import { reopenSession } from '../../../src/domain/run/reopen-session.ts';
import { at, sampleRun, sampleSession } from '../../contracts/stores/samples.ts';

const run = sampleRun('acme');
const step = (step_id: string, more: Partial<Step> = {}): Step => ({
  step_id,
  name: 'profile',
  kind: 'node',
  status: 'succeeded',
  started_at: at(1),
  ...more,
});

describe('the execution of an attempt', () => {
  it('has the run’s id as its name, and from the second attempt on a name of its own', () => {
    expect(executionName({ run_id: 'R', attempt: 1 })).toBe('R');
    expect(executionName({ run_id: 'R', attempt: 12 })).toBe('R-12');
  });

  it('is known only once it is recorded: one of the attempt before is not it', () => {
    const execution_id = `arn:aws:states:local:0:execution:catalog:${run.run_id}`;
    expect(currentExecution({ ...run, execution_id })).toBe(execution_id);
    expect(currentExecution({ ...run, execution_id, attempt: 2 })).toBeUndefined();
    expect(currentExecution({ ...run, execution_id: `${execution_id}-2`, attempt: 2 })).toBe(`${execution_id}-2`);
    expect(currentExecution(run)).toBeUndefined();
  });

  it('has kept the name that it had before its run, where that was made of it', () => {
    const trigger = { kind: 'console', id: 'by-hand' } as const;
    expect(executionName({ run_id: 'R', attempt: 1, trigger })).toBe('by-hand');
    expect(executionName({ run_id: 'R', attempt: 2, trigger })).toBe('R-2');
  });

  it('tells which run was made of it: the same each time, later ones after earlier ones', () => {
    const started_at = Date.UTC(2026, 7, 1);
    const id = adoptedRunId({ name: 'by-hand', started_at });
    expect(RunId.parse(id)).toBe(id);
    expect(decodeTime(id)).toBe(started_at);
    expect(adoptedRunId({ name: 'by-hand', started_at })).toBe(id);
    expect(adoptedRunId({ name: 'by-hand-too', started_at })).not.toBe(id);
    expect(adoptedRunId({ name: 'by-hand', started_at: started_at + 1 }) > id).toBe(true);
    expect(adoptedRunId({ name: run.run_id, started_at })).toBe(run.run_id);
    const ofInput = (input: unknown) => runOfExecution({ name: 'by-hand', input, started_at });
    expect(ofInput({ tenant: 't', dataset: 'd' })).toEqual({ tenant: 't', run_id: id });
    expect(ofInput({ tenant: 't', run_id: 'r' })).toEqual({ tenant: 't', run_id: 'r' });
    for (const other of [{ tenant: 't', node: 'n' }, { tenant: 't', run_id: 7 }, { dataset: 'd' }, null, 'text'])
      expect(ofInput(other)).toBeUndefined();
  });

  it('is told from an agent’s by its input', () => {
    expect(runIdsOf({ tenant: 't', run_id: 'r', extra: 1 })).toEqual({ tenant: 't', run_id: 'r' });
    for (const other of [{ tenant: 't', run_id: 'r', node: 'n' }, { tenant: 't' }, null, 'text', 7])
      expect(runIdsOf(other)).toBeUndefined();
  });
});

describe('the steps of several attempts', () => {
  it('keep their order and their parents, and have ids of their own', () => {
    const first = [step('000002'), step('000002.000003', { parent_id: '000002' })];
    const second = stepsOfAttempt(first, 2);
    const tenth = stepsOfAttempt(first, 10);
    expect(second[1]?.parent_id).toBe(second[0]?.step_id);
    const all = [...first, ...second, ...tenth].map(({ step_id }) => step_id);
    expect(all.toSorted()).toEqual(all);
    expect(new Set(all).size).toBe(6);
    expect(stepsBeforeAttempt([...first, ...second, ...tenth], 10)).toEqual([...first, ...second]);
    expect(stepsBeforeAttempt([...first, ...second], 2)).toEqual(first);
    expect(stepsBeforeAttempt(first, 1)).toEqual([]);
  });

  it('end with their run where they were cut off', () => {
    const failure = { kind: 'RUN_INTERRUPTED', message: 'killed' };
    expect(endedSteps([step('1'), step('2', { status: 'running' })], at(9), failure)).toEqual([
      step('1'),
      step('2', { status: 'failed', ended_at: at(9), failure }),
    ]);
  });
});

describe('an agent of a resumed run', () => {
  const failed = sampleSession(run, {
    status: 'failed',
    started_at: at(0),
    ended_at: at(30),
    turns: 3,
    failure: { kind: 'SANDBOX_LOST', message: 'gone' },
  });
  const { ended_at: _, failure: __, ...open } = failed;

  it('runs again without what it failed of, with all that it has used', () => {
    expect(reopenSession(failed, 2, {}, new Date(at(50)))).toEqual({
      ...open,
      status: 'running',
      attempt: 2,
      reserved_dollars: 0,
      paused_seconds: 20,
    });
  });

  it('is given the new limits, and keeps those that are not named', () => {
    const { budget } = reopenSession(failed, 2, { turns: 99, dollars: undefined }, new Date(at(50)));
    expect(budget).toEqual({ ...failed.budget, turns: 99 });
  });

  it('takes back the turn that was a refusal', () => {
    const refused = { ...failed, failure: { kind: 'MODEL_REFUSED', message: 'no' } };
    expect(reopenSession(refused, 2, {}, new Date(at(50))).turns).toBe(2);
  });

  it('stays as it is where it has succeeded', () => {
    const done = sampleSession(run, { status: 'succeeded' });
    expect(reopenSession(done, 2, { turns: 1 }, new Date())).toBe(done);
  });

  it('has the time between two attempts for free, each time', () => {
    const budget = { ...failed.budget, seconds: 100 };
    const once = reopenSession({ ...failed, budget }, 2, {}, new Date(at(50)));
    const twice = reopenSession({ ...once, status: 'failed', ended_at: at(60) }, 3, {}, new Date(at(90)));
    expect(twice.paused_seconds).toBe(50);
    expect(secondsLeft(twice, new Date(at(95)))).toBe(100 - (30 + 10 + 5));
  });

  it('is told at the very end of its conversation what it has lost, and nothing before that changes', () => {
    const messages = [
      { role: 'user' as const, content: [{ type: 'text' as const, text: 'Survey.' }] },
      { role: 'assistant' as const, content: [{ type: 'text' as const, text: 'Yes.' }] },
      { role: 'user' as const, content: [{ type: 'tool_result' as const, tool_use_id: 'a', content: '1' }] },
    ];
    const before = { messages, reminders: 2, wrap_up_told: true, attempt: 1 } as unknown as Parameters<
      typeof continuedConversation
    >[0];
    const after = continuedConversation(before, 2);
    expect(after).toMatchObject({ reminders: 0, wrap_up_told: true, attempt: 2 });
    expect(continuedConversation(after, 2)).toBe(after);
    expect(continuedConversation(after, 1)).toBe(after);
    expect(after.messages.slice(0, 2)).toEqual(messages.slice(0, 2));
    expect(after.messages[2]?.content[0]).toEqual(messages[2]?.content[0]);
    expect(JSON.stringify(after.messages[2]?.content[1])).toContain('variables');
    expect(after.messages).toHaveLength(3);

    const cut = continuedConversation({ ...before, messages: messages.slice(0, 2) }, 2);
    expect(cut.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });
});

describe('the seconds of a budget', () => {
  const session = sampleSession(run, { started_at: at(0) });
  const seconds = (now: Date): number | undefined =>
    limitUses({ ...session, budget: { ...session.budget, seconds: 900 } }, now).find(({ limit }) => limit === 'seconds')
      ?.used;

  it('are never less than none, and a clock that was set by years counts for nothing', () => {
    expect(seconds(new Date(at(40)))).toBe(40);
    expect(seconds(new Date('1970-01-01T00:00:00Z'))).toBe(0);
    expect(seconds(new Date('2038-01-19T03:14:07Z'))).toBe(0);
    const used = { ...session, turns: 0, budget: { ...session.budget, seconds: 900 } };
    expect(exceededLimit(used, new Date('2038-01-19T03:14:07Z'))).toBeUndefined();
    expect(exceededLimit(used, new Date(at(901)))).toMatchObject({ limit: 'seconds' });
    expect(secondsLeft(used, new Date('1970-01-01T00:00:00Z'))).toBe(900);
  });
});
