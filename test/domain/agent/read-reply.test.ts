import { describe, expect, it } from 'vitest';
import { readReply } from '../../../src/domain/agent/read-reply.ts';

const summaryOf = (name: string, input: unknown): string | undefined =>
  readReply({ content: [{ type: 'tool_use', id: 'a', name, input }], stop_reason: 'tool_use' }).calls[0]?.summary;

describe('what those who watch are shown of a call', () => {
  it('is the beginning of a statement', () => {
    expect(summaryOf('execute_sql', { sql: ' select\n 1' })).toBe('select 1');
    expect(summaryOf('execute_sql', { sql: `select ${'1'.repeat(200)}` })).toHaveLength(160);
  });

  it('is nothing of a report but its size, because who may see the steps may not see reports', () => {
    expect(summaryOf('submit_html', { content: '<p>Jane</p>', findings: [{ rule: 'agent-x' }, {}] })).toBe(
      'report submitted, 11 characters, 2 findings',
    );
    expect(summaryOf('submit_html', { content: 'x', findings: [{}] })).toBe('report submitted, 1 character, 1 finding');
    expect(summaryOf('submit_html', '<p>Jane</p>')).toBe('report submitted, 11 characters, 0 findings');
  });
});
