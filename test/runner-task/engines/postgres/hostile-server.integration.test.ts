import { describe, expect, it } from 'vitest';
import { openPostgres } from '../../../../runner-task/supervisor/engines/postgres/open-postgres.ts';
import { answerLimits } from '../../../../runner-task/supervisor/engines/server/bound-answer.ts';
import { type FailureReport, reportOf } from '../../../../src/contracts/failure-report.ts';
import type { PostgresServer } from '../../../support/postgres-server.ts';
import { type HostileAnswer, startHostileServer } from './hostile-server.ts';
import { bounds, targetOf } from './postgres-target.ts';

/** Why a database could not be opened at what answers so, and the most memory that it took meanwhile, in MiB. */
const openAt = async (answer: HostileAnswer): Promise<{ readonly failure: FailureReport; readonly taken: number }> => {
  const server = await startHostileServer(answer);
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  try {
    // Only its port is looked at.
    const target = targetOf({ port: server.port } as PostgresServer);
    const failure = await openPostgres(target, bounds).then(
      () => ({ kind: 'INTERNAL', message: 'it was opened' }),
      (error: unknown) => reportOf(error),
    );
    return { failure, taken: (most - before) / 1024 / 1024 };
  } finally {
    clearInterval(watch);
    await server.close();
  }
};

describe('a server that answers what no server answers', () => {
  it.each(['endless rows', 'one row of 2 GiB', 'endless notices'] as const)(
    'is left, with %s, before they take the memory, and in words',
    async (answer) => {
      const { failure, taken } = await openAt(answer);
      expect(failure).toMatchObject({ kind: 'DATABASE_UNREACHABLE', where: expect.stringContaining('127.0.0.1:') });
      expect(failure.message).toMatch(/answered a question about itself with more than/);
      // The driver keeps rows as objects, several times what came.
      expect(taken).toBeLessThan(1_024);
    },
    answerLimits.seconds * 1_000,
  );

  it('is told to be no such server, without the words of a validator', async () => {
    const { failure } = await openAt('other columns');
    expect(failure.kind).toBe('DATABASE_UNREACHABLE');
    expect(failure.message).toMatch(/no PostgreSQL server does/);
    expect(failure.message).not.toMatch(/expected|invalid_|"path"/);
  });

  it('is quoted without the passwords that it tells', async () => {
    const { failure } = await openAt('an error with a password');
    expect(failure.message).toContain('cannot reach postgresql://u:…@h/db');
    expect(JSON.stringify(failure)).not.toContain('hunter2');
  });
});
