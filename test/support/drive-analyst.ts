import type { Message, UserBlock } from '../../src/contracts/message.ts';
import type { ResultTable } from '../../src/contracts/sandbox.ts';
import { resultToText } from '../../src/domain/agent/result-text.ts';
import { analystTurn } from '../../src/domain/analyst/analyst-turn.ts';
import type { ProfileDigest } from '../../src/domain/profile-digest.ts';

/** What a survey came to: the report, every statement with its database, those that failed, and the Python cells. */
export type DrivenSurvey = {
  readonly html: string;
  readonly statements: readonly { readonly source: string; readonly sql: string }[];
  readonly failed: readonly { readonly sql: string; readonly message: string }[];
  readonly cells: readonly string[];
};

/** Lets the analyst survey a digest with nothing but a way to ask: no store, no sandbox, no guard. */
export const driveAnalyst = async (
  digest: ProfileDigest,
  ask: (source: string, sql: string) => Promise<ResultTable>,
  cell: (code: string) => string = () => 'PYTHON_FAILED: there is no Python here',
): Promise<DrivenSurvey> => {
  const messages: Message[] = [
    { role: 'user', content: [{ type: 'text', text: `<profile>\n${JSON.stringify(digest)}\n</profile>` }] },
  ];
  const statements: { source: string; sql: string }[] = [];
  const failed: { sql: string; message: string }[] = [];
  const cells: string[] = [];
  const answer = async (name: string, input: Readonly<Record<string, string>>): Promise<string> => {
    if (name === 'execute_python') {
      cells.push(input['code'] ?? '');
      return cell(input['code'] ?? '');
    }
    const [sql, source] = [input['sql'] ?? '', input['source'] ?? ''];
    statements.push({ source, sql });
    try {
      return resultToText(await ask(source, sql), `e${String(statements.length).padStart(12, '0')}`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failed.push({ sql, message });
      return `STATEMENT_FAILED: ${message}`;
    }
  };
  for (let turn = 0; turn < 30; turn += 1) {
    const { content } = analystTurn(messages);
    messages.push({ role: 'assistant', content });
    const results: UserBlock[] = [];
    for (const block of content) {
      if (block.type !== 'tool_use') continue;
      const input = block['input'] as Readonly<Record<string, string>>;
      if (block['name'] === 'submit_html') return { html: input['content'] ?? '', statements, failed, cells };
      const text = await answer(String(block['name']), input);
      results.push({
        type: 'tool_result',
        tool_use_id: String(block['id']),
        content: text,
        is_error: /^(STATEMENT|PYTHON)_FAILED/.test(text),
      });
    }
    messages.push({ role: 'user', content: results });
  }
  throw new Error('the analyst has not submitted a report within 30 turns');
};
