import { claudeModel } from '../../src/adapters/claude-model.ts';
import { folderPrompts } from '../support/memory-prompts.ts';
import type { ColumnProfile, DatabaseProfile } from '../../src/contracts/profile.ts';
import { makeLoop } from '../support/agent-loop.ts';
import { inProcessSandbox } from '../support/in-process-sandbox.ts';
import type { CountedUsage } from '../support/messages-api-request.ts';
import { type Behaviour, startScriptedMessagesApi } from '../support/scripted-messages-api.ts';

const turns = 25;

/** Three tables of twelve columns: what the profile of a small shop weighs, about 10,000 tokens. */
const database: DatabaseProfile = {
  source: 'main',
  label: 'bench',
  engine: 'duckdb',
  engine_version: '1.5',
  failed: [],
  not_visible: [],
  tables: ['customers', 'products', 'orders'].map((table) => ({
    table,
    schema: { name: table, kind: 'file' as const, columns: [], constraints: [] },
    rows: { basis: 'exact' as const, count: 10_000 },
    statements: ['e0123456789ab'],
    profiled_at: '2026-01-31T12:00:00.000Z',
    milliseconds: 10,
    columns: Array.from({ length: 12 }, (_, index): ColumnProfile => ({
      name: `measured_column_${index}`,
      type: 'DOUBLE',
      kind: 'number',
      nulls: { basis: 'exact', count: 12 * index, share: 0.0012 * index },
      distinct: { basis: 'approximate', count: 812 + index, share: 0.081 },
      range: { basis: 'exact', min: -12.5, max: 98_211.25 },
      moments: { basis: 'exact', mean: 311.0625, deviation: 92.8125 },
      signs: { basis: 'exact', zero: 4, negative: 11, not_finite: 0 },
      quantiles: { basis: 'approximate', p01: 1, p05: 4, p25: 88, p50: 290.5, p75: 470, p95: 902, p99: 4_011 },
      outliers: { basis: 'approximate', below: 0, above: 17, low_fence: -1_058, high_fence: 1_616 },
      top_values: {
        basis: 'exact',
        values: Array.from({ length: 10 }, (__, rank) => ({ value: 100 + rank, count: 900 - rank })),
      },
    })),
  })),
};

/** Turns of an agent at work: some words and two to three statements of which each brings back some lines. */
const turn = (index: number): Behaviour => {
  const statement = (call: number) => ({
    type: 'tool_use' as const,
    id: `toolu_${index}_${call}`,
    name: 'execute_sql',
    input: {
      sql: `select i % 10 as bucket, count(*) as n, min(i) as least, max(i) as most from range(${1_000 + index}) t(i) where i % ${call + 2} = 0 group by 1 order by 1`,
    },
  });
  return {
    answer: [
      { type: 'thinking', thinking: '', signature: 'c2lnbmF0dXJl'.repeat(30) },
      {
        type: 'text',
        text: `Turn ${index}: next I look at how the rows spread over the buckets, and whether any of them is missing.`,
      },
      ...Array.from({ length: 2 + (index % 2) }, (_, call) => statement(call)),
    ],
    stop_reason: 'tool_use',
  };
};

/**
 * How much of what is sent is read from the prompt cache in a loop of 25 turns: the real loop, prompt and SDK, against a
 * service that charges by the rules of the cache.
 */
export const benchCache = async (): Promise<
  readonly { readonly name: string; readonly value: number; readonly unit: string; readonly goal: string }[]
> => {
  const api = await startScriptedMessagesApi((_, index) =>
    index + 1 < turns
      ? turn(index)
      : {
          answer: [{ type: 'tool_use', id: 'report', name: 'submit_html', input: { content: '<p>Done.</p>' } }],
          stop_reason: 'tool_use',
        },
  );
  const bench = await makeLoop({
    model: claudeModel({ apiKey: 'sk-bench', baseUrl: api.url }),
    sandbox: await inProcessSandbox(),
    prompts: folderPrompts({ dir: new URL('../../prompts', import.meta.url).pathname, env: {} }),
    profile: { databases: [database] },
  });
  try {
    const verdict = await bench.drive('cataloging');
    if (verdict.status !== 'succeeded' || api.requests.length !== turns)
      throw new Error(`the loop ended ${verdict.status} after ${api.requests.length} turns: ${verdict.cause}`);
    const charged = api.requests.flatMap(({ usage }) => usage ?? []);
    return [
      {
        name: `input tokens read from cache, loop of ${turns} turns`,
        value: cachedShare(charged),
        unit: '%',
        goal: '≥ 93',
      },
    ];
  } finally {
    await api.close();
    bench.close();
  }
};

const cachedShare = (charged: readonly CountedUsage[]): number => {
  const sum = (read: (usage: CountedUsage) => number): number =>
    charged.reduce((total, usage) => total + read(usage), 0);
  const cached = sum((usage) => usage.cache_read_input_tokens);
  const all = sum((usage) => usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens);
  return Number(((100 * cached) / all).toFixed(2));
};
