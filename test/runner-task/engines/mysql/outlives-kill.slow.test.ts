import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDatabase } from '../../../../runner-task/supervisor/database.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startMariadb } from '../../../support/mariadb-server.ts';
import { policyPython } from '../../policy/policy-python.ts';
import { failureOf, limits, targetOn } from './mysql-target.ts';

it.skipIf(isMissing('mariadb'))(
  'a statement that the server goes on with after its KILL is told to be one that may run on there',
  async () => {
    const server = await startMariadb();
    const folder = mkdtempSync(join(tmpdir(), 'surveyor-outlives-'));
    const bounds = {
      memory_bytes: 512 * 1024 * 1024,
      spill_folder: join(folder, 'spill'),
      python: await policyPython(),
    };
    const database = createDatabase(bounds, folder);
    try {
      await server.run('CREATE TABLE things (id int); INSERT INTO things VALUES (1)');
      await database.open(targetOn(server.port));
      // A function over one text, which looks for a KILL when it is through, about a minute later.
      const long = `SELECT LENGTH(REPLACE(REPEAT('a', 200000), 'a', '0123456789012345678901234567890')) AS n`;
      const { kind, message } = await failureOf(database.run(long, { ...limits, seconds: 2 }));
      expect(kind).toBe('RUNNER_TIMEOUT');
      expect(message).toContain('may run on there');
      expect((await database.run('SELECT id FROM things', limits)).values).toEqual([[1]]);
    } finally {
      database.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  120_000,
);
