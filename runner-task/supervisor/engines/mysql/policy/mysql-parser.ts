import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { encodeFrame, frameReader } from '../../../frames.ts';
import { inTurn } from '../../../in-turn.ts';
import { wholeMilliseconds } from '../../../../../src/contracts/whole-milliseconds.ts';

/** A parsed statement: its tree, the tree as text, and the tree of that text where it is another one. */
const ParsedStatement = z.object({ sql: z.string(), tree: z.unknown(), sent: z.unknown() });

const Answer = z.union([
  z.object({
    id: z.int(),
    statements: z.array(ParsedStatement),
    lost: z.string().nullable(),
    altered: z.string().nullable(),
  }),
  z.object({ id: z.int(), failed: z.enum(['syntax', 'depth', 'several']), message: z.string() }),
]);

/** What the parser says: the statements of a text, or why there are none. */
export type MysqlParse =
  | {
      readonly statements: readonly z.infer<typeof ParsedStatement>[];
      /** A word that the grammar read and did not write out again. */
      readonly lost: string | null;
      /** What the text that was written out does not say as the tree does. */
      readonly altered: string | null;
    }
  | { readonly failed: 'syntax' | 'depth' | 'several' | 'lost'; readonly message: string };

/** Parses statements in a process of its own, which holds no secret. */
export type MysqlParser = {
  /** With a mark, each `information_schema.x` is written out as `mark_x`, which stands for what is put in its place. */
  readonly parse: (sql: string, mark?: string) => Promise<MysqlParse>;
  readonly close: () => void;
};

const program = fileURLToPath(new URL('./parse_mysql.py', import.meta.url));
const mostAnswerBytes = 64 * 1024 * 1024;

/**
 * Starts the process now, so that the first statement does not wait for Python. `python` needs sqlglot. When the process
 * dies, or a statement takes longer than `seconds` of it, the statement fails and the next one gets a new process: the
 * longest takes 2 s of a processor of its own, and a busy machine has none to spare.
 */
export const createMysqlParser = (python: string, seconds = 15): MysqlParser => {
  const turn = inTurn();
  let child: ChildProcess | undefined;
  let closed = false;
  let lastId = 0;

  const start = (): ChildProcess => {
    const started = spawn(python, ['-I', '-B', program], { cwd: '/', env: {}, stdio: ['pipe', 'pipe', 'ignore'] });
    const forget = (): void => {
      if (child === started) child = undefined;
    };
    started.on('exit', forget).on('error', forget);
    // A write to a process that has just ended fails; its end is told by the event `exit`.
    started.stdin?.on('error', () => undefined);
    return started;
  };
  child = start();

  const ask = async (sql: string, mark: string | undefined): Promise<MysqlParse> => {
    if (closed) return { failed: 'lost', message: 'the parser has been closed' };
    const asked = (child ??= start());
    const { promise, resolve } = Promise.withResolvers<MysqlParse>();
    const lose = (message: string): void => {
      if (child === asked) child = undefined;
      asked.kill('SIGKILL');
      resolve({ failed: 'lost', message });
    };
    const id = (lastId += 1);
    const reader = frameReader(mostAnswerBytes);
    const onData = (chunk: Buffer): void => {
      try {
        for (const message of reader.push(chunk)) {
          const answer = Answer.parse(message);
          if (answer.id !== id) return lose('the parser answered another question');
          resolve(answer);
        }
      } catch {
        lose('the parser answered with what is no answer');
      }
    };
    const onEnd = (): void => lose('the parser ended while it read the statement');
    const timer = setTimeout(() => lose(`the parser took longer than ${seconds} s`), wholeMilliseconds(seconds * 1000));
    asked.stdout?.on('data', onData);
    asked.on('exit', onEnd).on('error', onEnd);
    asked.stdin?.write(encodeFrame({ id, sql, ...(mark === undefined ? {} : { mark }) }));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      asked.stdout?.off('data', onData);
      asked.off('exit', onEnd).off('error', onEnd);
    }
  };

  return {
    parse: (sql, mark) => turn(() => ask(sql, mark)),
    close: () => {
      closed = true;
      child?.kill('SIGKILL');
      child = undefined;
    },
  };
};
