import { aslWorkflow } from '../../src/adapters/local/asl-workflow.ts';

/** One line of a benchmark: what was measured, and what it should be at most. */
type Measurement = { readonly name: string; readonly value: number; readonly unit: string; readonly goal: string };

const TRANSITIONS = 2_000;

/** Counts to 1,000: a Task that calls a function, and a Choice that goes back to it. Two transitions a round. */
const loop = {
  QueryLanguage: 'JSONata',
  StartAt: 'Count',
  States: {
    Count: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: {
        FunctionName: 'count',
        Payload: { run_id: '{% $states.input.run_id %}', n: '{% $states.input.n %}' },
      },
      Output: { run_id: '{% $states.input.run_id %}', n: '{% $states.result.Payload.n %}' },
      Assign: { last: '{% $states.result.Payload.n %}' },
      TimeoutSeconds: 60,
      Retry: [{ ErrorEquals: ['MODEL_UNAVAILABLE'] }],
      Next: 'Enough',
    },
    Enough: {
      Type: 'Choice',
      Choices: [{ Condition: `{% $states.input.n < ${TRANSITIONS / 2} %}`, Next: 'Count' }],
      Default: 'Done',
    },
    Done: { Type: 'Succeed' },
  },
};

type Counted = { readonly run_id: string; readonly n: number };
const count = async ({ n }: Counted): Promise<{ n: number }> => ({ n: n + 1 });

const bareMilliseconds = async (): Promise<number> => {
  const began = performance.now();
  let n = 0;
  while (n < TRANSITIONS / 2) ({ n } = await count({ run_id: 'bench', n }));
  return performance.now() - began;
};

const engineMilliseconds = async (): Promise<number> => {
  const workflow = aslWorkflow({
    invoke: async (_name, payload) => count(payload as Counted),
    onStatusChange: async () => undefined,
  });
  await workflow.deploy('loop', loop);
  const began = performance.now();
  const { execution_id } = await workflow.start({ machine: 'loop', name: 'bench', input: { run_id: 'bench', n: 0 } });
  await workflow.idle();
  const milliseconds = performance.now() - began;
  const execution = await workflow.describe(execution_id);
  if (execution?.status !== 'SUCCEEDED' || (execution.output as Counted).n !== TRANSITIONS / 2) {
    throw new Error(`The benchmark's machine did not count to its end: ${JSON.stringify(execution)}`);
  }
  return milliseconds;
};

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

/** Time of the engine per transition, beside a bare await of the same function in the same run. Medians of five. */
export const benchEngine = async (): Promise<Measurement[]> => {
  const bare: number[] = [];
  const engine: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const times = [await bareMilliseconds(), await engineMilliseconds()] as const;
    // The first round warms both sides up.
    if (round === 0) continue;
    bare.push(times[0] / TRANSITIONS);
    engine.push(times[1] / TRANSITIONS);
  }
  return [
    { name: 'engine: one transition', value: median(engine), unit: 'ms', goal: '≤ 1' },
    { name: 'engine: the same call, awaited bare', value: median(bare), unit: 'ms', goal: 'for comparison' },
    {
      name: 'engine: transition ÷ bare await',
      value: median(engine) / median(bare),
      unit: '×',
      goal: 'for comparison',
    },
  ];
};
