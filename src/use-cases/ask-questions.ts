import { type Failure, type FailureKind, toFailure } from '../contracts/failure.ts';
import type { NotLookedAt } from '../contracts/finding.ts';
import type { Lease, ResultTable } from '../contracts/sandbox.ts';
import { readerText } from '../domain/reader-advice.ts';
import type { Question, Reading, Rows, RuleSubject } from '../domain/rules/rule.ts';
import type { Using } from '../ports/port-access.ts';

/**
 * What the questions about one table may take. Statements that wait for the same database wait behind each other, at most
 * one in front with the two tables that are checked at a time; so the last one, begun at 600 s, has its answer within the
 * 900 s of the state. A view may be any computation, which nothing tells before.
 */
const limits = { statement: 120, table: 600, view: 60, questions: 500, bytes: 8 * 1024 * 1024 } as const;

/** Failures of one statement, after which the next may go well. All others fail the check of the table. */
const ofStatement: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'TABLE_NOT_FOUND',
  'STATEMENT_REFUSED',
  'STATEMENT_FAILED',
  'RUNNER_TIMEOUT',
  'RUNNER_MEMORY',
]);

/** What the answers came to, and what was not looked at because there is no answer. */
export type Answers = { readonly readings: readonly Reading[]; readonly not_looked_at: readonly NotLookedAt[] };

/**
 * Asks the questions one after the other, and those that their answers give rise to. What fails, takes too long or finds
 * no time left is told for every rule that it would have served.
 */
export const askQuestions = async (
  ports: Using<{ sandbox: 'call' }, 'clock'>,
  lease: Lease,
  { source, table: { table, schema } }: RuleSubject,
  questions: readonly Question[],
): Promise<Answers> => {
  const isView = schema.kind === 'view';
  const most = isView ? limits.view : limits.table;
  const deadline = ports.clock.now().getTime() + most * 1_000;
  const queue = [...questions];
  const readings: Reading[] = [];
  const notLookedAt: NotLookedAt[] = [];
  const passOver = (question: Question, reason: NotLookedAt['reason'], why: string): void => {
    const detail = `${question.about}: ${why}`;
    notLookedAt.push(...question.rules.map((rule) => ({ source, table, rule, reason, detail })));
  };

  for (let asked = 0; asked < queue.length; asked += 1) {
    const question = queue[asked];
    if (question === undefined) break;
    const left = (deadline - ports.clock.now().getTime()) / 1_000;
    if (left < 1) {
      passOver(
        question,
        'time',
        `not asked, because the ${most} s for the checks of one ${isView ? 'view' : 'table'} were over.`,
      );
      continue;
    }
    if (asked >= limits.questions) {
      passOver(question, 'budget', `not asked, because ${limits.questions} statements are the most for one table.`);
      continue;
    }
    try {
      const seconds = Math.min(limits.statement, left);
      const answer = await ports.sandbox.call(lease, 'execute_sql', {
        source,
        sql: question.sql,
        limits: { rows: question.rows, bytes: limits.bytes, seconds },
        origin: 'rule',
      });
      if (answer.table.truncated) {
        passOver(question, 'too_large', 'the answer has more rows or bytes than are read.');
        continue;
      }
      if (answer.table.incomplete !== undefined) {
        passOver(question, 'failed', `the database did not answer in full: ${answer.table.incomplete.join(' ')}`);
        continue;
      }
      const reading = question.read(rowsOf(answer.table), answer.evidence_id);
      readings.push(reading);
      queue.push(...(reading.next ?? []));
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (!ofStatement.has(failure.kind)) throw thrown;
      passOver(question, failure.kind === 'RUNNER_TIMEOUT' ? 'time' : 'failed', reasonOf(failure));
    }
  }
  return { readings, not_looked_at: notLookedAt };
};

const reasonOf = (failure: Failure): string =>
  failure.kind === 'RUNNER_TIMEOUT'
    ? 'the statement took too long and was given up.'
    : readerText(failure).slice(0, 300);

/** A result row by row, as text. */
const rowsOf = ({ columns, values, rows }: ResultTable): Rows =>
  Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(
      columns.map(({ name }, index) => {
        const value = values[index]?.[row] ?? null;
        return [name, value === null ? null : String(value)];
      }),
    ),
  );
