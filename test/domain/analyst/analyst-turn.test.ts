import { describe, expect, it } from 'vitest';
import type { ModelMessage } from '../../../src/contracts/model-message.ts';
import { analystTurn } from '../../../src/domain/analyst/analyst-turn.ts';
import { contextOf, emptySurvey } from './context-of.ts';

const said = ({ content }: ReturnType<typeof analystTurn>): ModelMessage => ({ role: 'assistant', content });

describe('A turn of the analyst', () => {
  it('submits the text at once, with the tool that a model has, and sends nothing else', () => {
    const reply = analystTurn({ messages: [contextOf(emptySurvey)], analyst: 'catalog' });
    expect(reply.stop_reason).toBe('tool_use');
    expect(reply.content.filter(({ type }) => type === 'tool_use')).toEqual([
      {
        type: 'tool_use',
        id: 'report',
        name: 'submit_html',
        input: { content: expect.stringContaining('<h2>Overview</h2>') as string },
      },
    ]);
  });

  it('writes what its prompt declares, whatever the words of the prompt are', () => {
    const summary = analystTurn({ messages: [contextOf(emptySurvey)], analyst: 'summary' });
    expect(JSON.stringify(summary.content)).toContain('What to do next');
  });

  it('says that it is done, rather than submit again, when its report was refused', () => {
    const first = analystTurn({ messages: [contextOf(emptySurvey)], analyst: 'catalog' });
    const reply = analystTurn({
      messages: [
        contextOf(emptySurvey),
        said(first),
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'report', content: 'too large', is_error: true }],
        },
      ],
      analyst: 'catalog',
    });
    expect(reply).toEqual({
      content: [{ type: 'text', text: 'The report was refused: too large' }],
      stop_reason: 'end_turn',
    });
  });

  it('says what a prompt must declare where it declares nothing', () => {
    expect(() => analystTurn({ messages: [contextOf(emptySurvey)] })).toThrow(/"analyst: catalog".*set a model key/);
  });

  it.each([
    ['no databases', 'Survey.', 'databases'],
    ['databases that are none', '<databases>{"tables": 3}</databases>', 'databases'],
    ['databases that are no JSON', '<databases>{</databases>', 'databases'],
    ['no profile', '<databases>[]</databases>', 'profile'],
  ])('says what the prompt must hold when it has %s', (_, text, tag) => {
    const messages: ModelMessage[] = [{ role: 'user', content: [{ type: 'text', text }] }];
    expect(() => analystTurn({ messages, analyst: 'catalog' })).toThrow(
      new RegExp(`<${tag}>\\{\\{${tag}\\}\\}</${tag}>.*set a model key`),
    );
  });
});
