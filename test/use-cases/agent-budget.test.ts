import { afterEach, describe, expect, it } from 'vitest';
import { claudeModel } from '../../src/adapters/claude-model.ts';
import type { BudgetOverride } from '../../src/contracts/budget.ts';
import { type LoopBench, makeLoop } from '../support/agent-loop.ts';
import { type InProcessSandbox, inProcessSandbox } from '../support/in-process-sandbox.ts';
import {
  type Behaviour,
  type ScriptedMessagesApi,
  startScriptedMessagesApi,
} from '../support/scripted-messages-api.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** An agent that never ends by itself, within a budget. */
const endless = async (
  budget: BudgetOverride,
  answer: (index: number) => Behaviour = ask,
  afterState?: (bench: LoopBench, state: string) => Promise<void>,
) => {
  const api = await startScriptedMessagesApi((_, index) => answer(index));
  const sandbox = await inProcessSandbox();
  const bench: LoopBench = await makeLoop({
    model: claudeModel({ apiKey: 'sk-test', baseUrl: api.url }),
    sandbox,
    budget,
    afterState: async (state) => afterState?.(bench, state),
  });
  closers.push(() => api.close(), bench.close);
  return { bench, api, sandbox };
};

const ask = (index: number): Behaviour => ({
  answer: [{ type: 'tool_use', id: `call_${index}`, name: 'execute_sql', input: { sql: `select ${index} as n` } }],
  stop_reason: 'tool_use',
  output_tokens: 500,
});

/** The turns after which the agent was told to wrap up. */
const toldIn = async ({
  bench,
  api,
}: {
  readonly bench: LoopBench;
  readonly api: ScriptedMessagesApi;
}): Promise<readonly number[]> => {
  const turns: number[] = [];
  for (let turn = 1; turn <= api.requests.length; turn += 1) {
    const closing = (await bench.conversation('cataloging', turn)).messages.at(-1)!;
    if (closing.content.some((block) => block.type === 'text' && String(block['text']).startsWith('Budget:')))
      turns.push(turn);
  }
  return turns;
};

const statements = (sandbox: InProcessSandbox): number =>
  sandbox.calls.filter(({ operation }) => operation === 'execute_sql').length;

describe('The budget of an agent', () => {
  it('ends an endless loop at its turns, told once at 80%', async () => {
    const started = await endless({ turns: 10 });
    expect(await started.bench.drive('cataloging')).toMatchObject({
      status: 'budget_exceeded',
      error: 'BUDGET_EXCEEDED',
      cause: expect.stringContaining('turns: 10 of 10'),
    });
    expect(started.api.requests).toHaveLength(10);
    expect(await toldIn(started)).toEqual([8]);
  });

  it('ends at its tokens', async () => {
    const started = await endless({ tokens: 20_000 });
    expect(await started.bench.drive('cataloging')).toMatchObject({
      status: 'budget_exceeded',
      cause: expect.stringContaining('tokens'),
    });
    const { usage } = await started.bench.session('cataloging');
    const used = usage.input_tokens + usage.output_tokens + usage.cache_read_tokens + usage.cache_write_tokens;
    const last = started.api.requests.at(-1)!.usage!;
    expect(used).toBeGreaterThanOrEqual(20_000);
    expect(
      used - (last.input_tokens + last.cache_read_input_tokens + last.cache_creation_input_tokens + 500),
    ).toBeLessThan(20_000);
    expect(await toldIn(started)).toHaveLength(1);
  });

  it('ends at its seconds, and lets no answer take longer than what is left', async () => {
    const started = await endless({ seconds: 100 }, ask, async ({ ports }, state) => {
      if (state === 'run-tool') ports.clock.advance(30);
    });
    expect(await started.bench.drive('cataloging')).toMatchObject({
      status: 'budget_exceeded',
      cause: expect.stringContaining('120 of 100 seconds'),
    });
    expect(started.api.requests).toHaveLength(4);
    expect(await toldIn(started)).toEqual([3]);
  });

  it('runs no more calls of a turn once its seconds are used up, but takes the report', async () => {
    const cells = Array.from({ length: 15 }, (_, index) => ({
      type: 'tool_use' as const,
      id: `cell_${index}`,
      name: 'execute_python',
      input: { code: 'slow()' },
    }));
    const report = { type: 'tool_use' as const, id: 'end', name: 'submit_html', input: { content: '<p>Done.</p>' } };
    const started = await endless(
      { seconds: 100 },
      () => ({ answer: [...cells, report], stop_reason: 'tool_use' }),
      async ({ ports }, state) => {
        if (state === 'run-tool') ports.clock.advance(33.4);
      },
    );
    expect(await started.bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });
    const sent = started.sandbox.calls.filter(({ operation }) => operation === 'execute_python');
    expect(sent.map(({ input }) => (input as { seconds: number }).seconds)).toEqual([100, 67, 34]);
    const last = (await started.bench.conversation('cataloging', 1)).messages.at(-1)!;
    expect(JSON.stringify(last.content[3])).toContain('The 100 seconds of your budget are used up');
  });

  it('counts the statements of SQL and of Python together', async () => {
    const started = await endless({ statements: 5 }, (index) =>
      index === 0
        ? {
            answer: [
              { type: 'tool_use', id: 'a', name: 'execute_sql', input: { sql: 'select 1' } },
              { type: 'tool_use', id: 'b', name: 'execute_sql', input: { sql: 'select 2' } },
              { type: 'tool_use', id: 'c', name: 'execute_python', input: { code: 'many()' } },
              { type: 'tool_use', id: 'd', name: 'execute_python', input: { code: 'many()' } },
            ],
            stop_reason: 'tool_use',
          }
        : ask(index),
    );
    await started.bench.drive('cataloging');
    const cells = started.sandbox.calls.filter(({ operation }) => operation === 'execute_python');
    expect(cells.map(({ input }) => (input as { statement_limit: number }).statement_limit)).toEqual([3, 3]);
  });

  it('sends no statement beyond its statements, and ends there', async () => {
    const started = await endless({ statements: 5 });
    expect(await started.bench.drive('cataloging')).toMatchObject({
      status: 'budget_exceeded',
      cause: expect.stringContaining('statements'),
    });
    expect(statements(started.sandbox)).toBe(5);
    expect(await toldIn(started)).toEqual([4]);
  });

  it('never spends more dollars than allowed: it holds what a call could cost, and asks for shorter answers before it stops', async () => {
    const dollars = 0.06;
    const started = await endless({ dollars }, (index) => ({ ...ask(index), output_tokens: 1_000 }));
    expect(await started.bench.drive('cataloging')).toMatchObject({
      status: 'budget_exceeded',
      cause: expect.stringMatching(/dollars|\$/),
    });
    const { usage, reserved_dollars } = await started.bench.session('cataloging');
    expect(usage.dollars).toBeLessThanOrEqual(dollars);
    expect(usage.dollars).toBeGreaterThan(dollars / 3);
    expect(reserved_dollars).toBe(0);
    const limits = started.api.requests.map(({ body }) => body.max_tokens);
    expect(Math.min(...limits)).toBeGreaterThanOrEqual(1_024);
    expect(limits.at(-1)).toBeLessThan(limits[0]!);
  });

  it('holds the dollars of a call while it is under way', async () => {
    const held: number[] = [];
    const api = await startScriptedMessagesApi([
      ask(0),
      {
        answer: [{ type: 'tool_use', id: 's', name: 'submit_html', input: { content: '<p>Done.</p>' } }],
        stop_reason: 'tool_use',
      },
    ]);
    const claude = claudeModel({ apiKey: 'sk-test', baseUrl: api.url });
    const bench: LoopBench = await makeLoop({
      sandbox: await inProcessSandbox(),
      model: {
        kind: 'model',
        reply: async (request) => {
          held.push((await bench.session('cataloging')).reserved_dollars);
          return claude.reply(request);
        },
      },
    });
    closers.push(() => api.close(), bench.close);
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });
    // 8,000 tokens of answer at $10 a million are the larger part of what either call could cost.
    expect(held.every((dollars) => dollars > 0.08 && dollars < 0.1)).toBe(true);
    expect((await bench.session('cataloging')).usage.dollars).toBeLessThan(held[0]!);
  });

  it('does not call the model at all where the first call does not fit', async () => {
    const started = await endless({ dollars: 0.005 });
    expect(await started.bench.drive('cataloging')).toMatchObject({ status: 'budget_exceeded', dollars: 0 });
    expect(started.api.requests).toHaveLength(0);
  });

  it('takes the limits of the run in place of those of the prompt', async () => {
    const started = await endless({ turns: 2 });
    await started.bench.drive('cataloging');
    expect((await started.bench.session('cataloging')).budget).toEqual({
      tokens: 1_000_000,
      dollars: 5,
      turns: 2,
      statements: 50,
      seconds: 600,
    });
  });
});
