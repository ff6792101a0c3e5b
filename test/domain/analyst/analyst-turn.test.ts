import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/contracts/message.ts';
import { analystTurn } from '../../../src/domain/analyst/analyst-turn.ts';

const table = {
  table: 'orders',
  rows: { count: 100 },
  statements: ['e0123456789ab'],
  columns: [
    {
      name: 'order_id',
      type: 'BIGINT',
      kind: 'number',
      nulls: { count: 0, share: 0 },
      distinct: { count: 100, share: 1 },
    },
  ],
};
const context = (profile: unknown): Message => ({
  role: 'user',
  content: [{ type: 'text', text: `Survey.\n<profile>\n${JSON.stringify(profile)}\n</profile>` }],
});
const profile = {
  databases: [{ source: 'shop', engine: 'duckdb', engine_version: '1.5', tables: [table], failed: [] }],
};
const said = ({ content }: ReturnType<typeof analystTurn>): Message => ({ role: 'assistant', content });

describe('A turn of the analyst', () => {
  it('asks first, with the tools that a model has', () => {
    const reply = analystTurn([context(profile)]);
    expect(reply.stop_reason).toBe('tool_use');
    expect(reply.content[1]).toMatchObject({
      type: 'tool_use',
      id: 'check_1',
      name: 'execute_sql',
      input: { sql: expect.stringContaining('"order_id"'), source: 'shop' },
    });
  });

  it('submits at once when it is told that the budget runs low', () => {
    const first = analystTurn([context(profile)]);
    const reply = analystTurn([
      context(profile),
      said(first),
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'check_1', content: 'STATEMENT_FAILED: no' },
          { type: 'text', text: 'Budget: 80% is used' },
        ],
      },
    ]);
    expect(reply.content[1]).toMatchObject({
      name: 'submit_html',
      input: { content: expect.stringContaining('Not looked at') },
    });
  });

  it('says that it is done, rather than submit again, when its report was refused', () => {
    const messages: Message[] = [context(profile)];
    let reply = analystTurn(messages);
    for (let turn = 0; turn < 6 && reply.stop_reason === 'tool_use'; turn += 1) {
      const refusals = reply.content.flatMap((block) =>
        block.type === 'tool_use'
          ? [{ type: 'tool_result' as const, tool_use_id: String(block['id']), content: 'too large', is_error: true }]
          : [],
      );
      messages.push(said(reply), { role: 'user', content: refusals });
      reply = analystTurn(messages);
    }
    expect(reply).toEqual({
      content: [{ type: 'text', text: 'The report was refused: too large' }],
      stop_reason: 'end_turn',
    });
  });

  it.each([
    ['no profile and no drift', 'Survey.'],
    ['a profile that is none', '<profile>{"tables": 3}</profile>'],
    ['a profile that is no JSON', '<profile>{</profile>'],
  ])('says what the prompt must hold when it has %s', (_, text) => {
    expect(() => analystTurn([{ role: 'user', content: [{ type: 'text', text }] }])).toThrow(
      /<profile>\{\{profile\}\}<\/profile>.*set a model key/,
    );
  });
});
