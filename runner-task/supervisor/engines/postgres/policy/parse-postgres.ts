import { parentPort } from 'node:worker_threads';
import { hasSqlDetails, loadModule, parse } from 'libpg-query';

/** What this thread answers: the statements, or where they are no SQL, or that they are too much for the parser. */
export type PostgresAnswer =
  | { readonly statements: readonly unknown[] }
  | { readonly failed: 'syntax'; readonly message: string; readonly at: number }
  | { readonly failed: 'depth' };

const answer = async (sql: string): Promise<PostgresAnswer> => {
  try {
    // Without any statement, as in a comment alone, the parser leaves the list out.
    return { statements: ((await parse(sql)).stmts ?? []).map(({ stmt }) => stmt) };
  } catch (error) {
    // All but plain syntax errors leave the parser's memory in a state that is not to be trusted.
    if (!(error instanceof Error) || error.name !== 'SqlError') return { failed: 'depth' };
    if (/memory exhausted|stack/i.test(error.message)) return { failed: 'depth' };
    const at = hasSqlDetails(error) ? (error.sqlDetails?.cursorPosition ?? -1) : -1;
    return { failed: 'syntax', message: error.message, at };
  }
};

parentPort?.on('message', (sql: string) => {
  void answer(sql).then((told) => {
    try {
      parentPort?.postMessage(told);
    } catch {
      // A tree that nests too deeply to be copied.
      parentPort?.postMessage({ failed: 'depth' } satisfies PostgresAnswer);
    }
  });
});

await loadModule();
