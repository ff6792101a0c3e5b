import { describe, expect, it } from 'vitest';
import { lines, machineOf, namedError, runMachine, testEngine, types } from './run-machine.ts';

const invoke = (more: object = {}): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'work', Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  End: true,
  ...more,
});

const map = (inner: object, more: object = {}): object => ({
  Type: 'Map',
  ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'Inner', States: { Inner: inner } },
  ...more,
});

describe('a Map state', () => {
  it('runs its processor for each item of its input, in the order that Step Functions records', async () => {
    const { output, events } = await runMachine(machineOf(map({ Type: 'Pass', End: true }, { MaxConcurrency: 1 })), {
      input: [1, 2],
    });
    expect(output).toEqual([1, 2]);
    expect(lines(events)).toEqual([
      '1<-0 ExecutionStarted',
      '2<-0 MapStateEntered',
      '3<-2 MapStateStarted',
      '4<-3 MapIterationStarted',
      '5<-4 PassStateEntered',
      '6<-5 PassStateExited',
      '7<-6 MapIterationSucceeded',
      '8<-6 MapIterationStarted',
      '9<-8 PassStateEntered',
      '10<-9 PassStateExited',
      '11<-10 MapIterationSucceeded',
      '12<-11 MapStateSucceeded',
      '13<-11 MapStateExited',
      '14<-13 ExecutionSucceeded',
    ]);
    expect(events[2]).toMatchObject({ mapStateStartedEventDetails: { length: 2 } });
    expect(events[7]).toMatchObject({ mapIterationStartedEventDetails: { name: 'State', index: 1 } });
  });

  it('starts all items at once where nothing limits it, and keeps their order in the result', async () => {
    const open = new Map<number, (value: number) => void>();
    const engine = testEngine({ work: (item: number) => new Promise((resolve) => open.set(item, resolve)) });
    const id = await engine.begin(machineOf(map(invoke())), [10, 20, 30]);
    await engine.time.pass(0);
    for (const item of [30, 10, 20]) open.get(item)?.(item + 1);
    await engine.time.pass(0);
    const { output, events } = await engine.look(id);
    expect(output).toEqual([11, 21, 31]);
    const started = events.filter(({ type }) => type === 'MapIterationStarted');
    expect(started.map(({ previousEventId }) => previousEventId)).toEqual([3, 3, 3]);
  });

  it('never runs more than MaxConcurrency at once, and never more than 40', async () => {
    const most = async (MaxConcurrency: number | string): Promise<number> => {
      let running = 0;
      let highest = 0;
      const work = async (): Promise<void> => {
        running += 1;
        highest = Math.max(highest, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
      };
      const Items = '{% [1..100] %}';
      const run = await runMachine(machineOf(map(invoke(), { MaxConcurrency, Items })), { functions: { work } });
      expect(run.output).toHaveLength(100);
      return highest;
    };
    expect(await most(1)).toBe(1);
    expect(await most('{% 1 + 2 %}')).toBe(3);
    expect(await most(0)).toBe(40);
    expect(await most(90)).toBe(40);
  });

  it('takes Items from an expression or a literal, and gives each iteration what ItemSelector makes of its item', async () => {
    const { output } = await runMachine(
      machineOf(
        map(
          { Type: 'Pass', Output: '{% [$states.input, $states.context.Map.Item.Index] %}', End: true },
          {
            Items: ['a', '{% $states.input.second %}'],
            ItemSelector: {
              item: '{% $states.context.Map.Item.Value %}',
              index: '{% $states.context.Map.Item.Index %}',
              from: '{% $states.input.second %}',
            },
          },
        ),
      ),
      { input: { second: 'b' } },
    );
    expect(output).toEqual([
      [{ item: 'a', index: 0, from: 'b' }, 0],
      [{ item: 'b', index: 1, from: 'b' }, 1],
    ]);
  });

  it('succeeds with nothing to do', async () => {
    const { output, events } = await runMachine(machineOf(map({ Type: 'Pass', End: true })), { input: [] });
    expect(output).toEqual([]);
    expect(lines(events).slice(2)).toEqual([
      '3<-2 MapStateStarted',
      '4<-3 MapStateSucceeded',
      '5<-3 MapStateExited',
      '6<-5 ExecutionSucceeded',
    ]);
  });

  it.each([
    ['{% 1 %}', "Expected 'array', but was 'number' for value: 1"],
    ["{% {'foo': 'bar'} %}", `Expected 'array', but was 'object' for value: {"foo":"bar"}`],
    ['{% function($x){$x} %}', 'returned an unsupported result type'],
  ])('fails with States.QueryEvaluationError where Items is %s', async (Items, cause) => {
    const run = await runMachine(machineOf(map({ Type: 'Pass', End: true }, { Items })));
    expect(run.error).toBe('States.QueryEvaluationError');
    expect(run.cause).toContain(cause);
    expect(types(run.events).slice(2)).toEqual(['EvaluationFailed', 'MapStateFailed', 'ExecutionFailed']);
  });

  it('fails where its input is no array and it names no other', async () => {
    const run = await runMachine(machineOf(map({ Type: 'Pass', End: true })), { input: 1 });
    expect(run.cause).toContain('Map state input must be an array but was: 1');
  });

  it('lets iterations read the variables around it, and keeps theirs to themselves', async () => {
    const { output, status } = await runMachine({
      StartAt: 'Before',
      States: {
        Before: { Type: 'Pass', Assign: { outer: 5 }, Next: 'Each' },
        Each: {
          ...map({ Type: 'Pass' }),
          Items: [1, 2],
          ItemProcessor: {
            StartAt: 'Keep',
            States: {
              Keep: { Type: 'Pass', Assign: { own: '{% $states.input * $outer %}' }, Next: 'Give' },
              Give: { Type: 'Pass', Output: '{% $own %}', End: true },
            },
          },
          Next: 'After',
        },
        After: { Type: 'Pass', Output: "{% [$states.input, $exists($own) ? 'leaked' : 'kept'] %}", End: true },
      },
    });
    expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: [5, 10, 'kept'] });
  });

  it('fails with the first iteration that fails, and stops the others', async () => {
    const aborted: number[] = [];
    const { error, cause, events } = await runMachine(machineOf(map(invoke())), {
      input: [1, 2, 3],
      functions: {
        work: (item: number, signal: AbortSignal) => {
          if (item === 2) throw namedError('TABLE_NOT_FOUND', 'no table 2');
          return new Promise(() => signal.addEventListener('abort', () => aborted.push(item), { once: true }));
        },
      },
    });
    expect(error).toBe('TABLE_NOT_FOUND');
    expect(cause).toContain('no table 2');
    expect(aborted).toEqual([1, 3]);
    const failed = events.find(({ type }) => type === 'TaskFailed')!.id;
    expect(events[failed]).toMatchObject({ type: 'MapIterationFailed', previousEventId: failed });
    const after = lines(events.slice(failed + 1, -2)).map((line) => line.replace(/^\d+/, 'x'));
    // Each aborted state follows the TaskStarted of its own iteration, and is followed by the end of that.
    const [first, second] = events.flatMap(({ id, type }) => (type === 'TaskStateAborted' ? [id] : []));
    expect(after.toSorted()).toEqual(
      [
        `x<-${failed - 5} TaskStateAborted`,
        `x<-${first} MapIterationAborted`,
        `x<-${failed - 1} TaskStateAborted`,
        `x<-${second} MapIterationAborted`,
      ].toSorted(),
    );
    expect(events.at(-2)).toMatchObject({ type: 'MapStateFailed', previousEventId: failed });
  });

  it('starts no further item after a failure', async () => {
    const seen: number[] = [];
    const { events } = await runMachine(machineOf(map(invoke(), { MaxConcurrency: 1 })), {
      input: [1, 2, 3],
      functions: {
        work: (item: number) => {
          seen.push(item);
          if (item === 2) throw namedError('Broken');
        },
      },
    });
    expect(seen).toEqual([1, 2]);
    expect(types(events).filter((type) => type === 'MapIterationStarted')).toHaveLength(2);
  });

  it('survives a bad item whose failure is caught inside of the iteration', async () => {
    const { output } = await runMachine(
      machineOf({
        ...map({}),
        ItemProcessor: {
          StartAt: 'Work',
          States: {
            Work: invoke({
              Catch: [
                {
                  ErrorEquals: ['States.ALL'],
                  Output: { item: '{% $states.input %}', failed: '{% $states.errorOutput.Error %}' },
                  Next: 'Noted',
                },
              ],
            }),
            Noted: { Type: 'Pass', End: true },
          },
        },
      }),
      {
        input: ['good', 'bad'],
        functions: {
          work: (item: string) => {
            if (item === 'bad') throw namedError('TABLE_NOT_FOUND');
            return item;
          },
        },
      },
    );
    expect(output).toEqual(['good', { item: 'bad', failed: 'TABLE_NOT_FOUND' }]);
  });

  it('runs again as a whole when it is retried, and can be caught', async () => {
    let calls = 0;
    const { output, events, slept } = await runMachine(
      {
        StartAt: 'Each',
        States: {
          Each: {
            ...map(invoke(), { MaxConcurrency: 1 }),
            Retry: [{ ErrorEquals: ['Broken'], MaxAttempts: 1 }],
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
            End: true,
          },
          Caught: { Type: 'Pass', Output: '{% $states.input.Error %}', End: true },
        },
      },
      {
        input: [1, 2],
        functions: {
          work: (item: number) => {
            calls += 1;
            if (item === 2) throw namedError('Broken');
          },
        },
      },
    );
    expect({ output, calls, slept }).toEqual({ output: 'Broken', calls: 4, slept: [1] });
    const mapEvents = types(events).filter((type) => type.startsWith('MapState'));
    expect(mapEvents).toEqual([
      'MapStateEntered',
      'MapStateStarted',
      'MapStateStarted',
      'MapStateFailed',
      'MapStateExited',
    ]);
  });

  const tolerating = (tolerance: object, failing: number) =>
    runMachine(machineOf(map(invoke(), { Items: '{% [1..10] %}', ...tolerance })), {
      functions: {
        work: (item: number) => {
          if (item <= failing) throw namedError('Broken');
          return item;
        },
      },
    });

  it.each([
    [{ ToleratedFailureCount: 2 }, 2],
    [{ ToleratedFailurePercentage: 50 }, 5],
    [{ ToleratedFailureCount: '{% 3 %}', ToleratedFailurePercentage: '{% 30 %}' }, 3],
  ])('with %j survives %i failures of ten, and tells of them in its result', async (tolerance, failing) => {
    const { output } = await tolerating(tolerance, failing);
    expect(output).toHaveLength(10);
    expect((output as unknown[]).slice(failing - 1, failing + 1)).toMatchObject([{ Error: 'Broken' }, failing + 1]);
  });

  it.each([
    [{ ToleratedFailureCount: 2 }, 3],
    [{ ToleratedFailurePercentage: '{% 50 %}' }, 6],
    [{ ToleratedFailureCount: 1, ToleratedFailurePercentage: 50 }, 2],
    [{ ToleratedFailureCount: 0 }, 1],
  ])('with %j fails at %i failures of ten', async (tolerance, failing) => {
    const run = await tolerating(tolerance, failing);
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
  });

  it('fails with States.Runtime inside of it whatever is tolerated', async () => {
    const choice = { Type: 'Choice', Choices: [{ Condition: false, Next: 'Inner' }] };
    const run = await runMachine(machineOf(map(choice, { Items: [1], ToleratedFailurePercentage: 100 })));
    expect(run.error).toBe('States.Runtime');
  });

  it('lets a reader find the item of every event by following previousEventId', async () => {
    const inner = {
      StartAt: 'Work',
      States: { Work: { ...invoke(), End: undefined, Next: 'Then' }, Then: { Type: 'Pass', End: true } },
    };
    const { events } = await runMachine(machineOf({ ...map({}), MaxConcurrency: 2, ItemProcessor: inner }), {
      input: ['a', 'b', 'c', 'd', 'e'],
      functions: { work: (item: string) => item },
    });
    const itemOf = (id: number): number => {
      const event = events[id - 1]!;
      const details = event.mapIterationStartedEventDetails as { index: number } | undefined;
      return details?.index ?? itemOf(event.previousEventId);
    };
    const entered = events.filter(({ type }) => type === 'TaskStateEntered' || type === 'PassStateEntered');
    expect(entered).toHaveLength(10);
    for (const event of entered) {
      const { input } = event.stateEnteredEventDetails as { input: string };
      expect('abcde'[itemOf(event.id)]).toBe(JSON.parse(input));
    }
  });
});
