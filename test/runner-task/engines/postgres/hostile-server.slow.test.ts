import { expect, it } from 'vitest';
import { openPostgres } from '../../../../runner-task/supervisor/engines/postgres/open-postgres.ts';
import type { PostgresServer } from '../../../support/postgres-server.ts';
import { startHostileServer } from './hostile-server.ts';
import { bounds, outcomeOf, targetOf } from './postgres-target.ts';

it('a server that is silent after the login holds nobody for longer than a minute', async () => {
  const server = await startHostileServer('silence');
  const began = Date.now();
  try {
    const outcome = await outcomeOf(openPostgres(targetOf({ port: server.port } as PostgresServer), bounds));
    expect(outcome).toMatch(
      /^DATABASE_UNREACHABLE: 127\.0\.0\.1:\d+ did not answer a question about itself within 50 s/,
    );
    expect(Date.now() - began).toBeLessThan(60_000);
  } finally {
    await server.close();
  }
}, 70_000);
