import type { ConnectionTest } from '../../contracts/connection.ts';
import type { Run } from '../../contracts/run.ts';
import type { DatabaseSchema } from '../../contracts/schema.ts';

/** The name of the one source of a run that tests a connection. */
export const testedSource = 'main';

/** How a run that only opens a connection stands, with what it saw where it came to see something. */
export const testOf = (run: Run, schema: DatabaseSchema | undefined): ConnectionTest => ({
  run_id: run.run_id,
  status: run.status === 'running' ? 'running' : run.status === 'succeeded' ? 'passed' : 'failed',
  started_at: run.created_at,
  ...(run.ended_at === undefined ? {} : { ended_at: run.ended_at }),
  ...(run.failure === undefined ? {} : { failure: run.failure }),
  ...(schema === undefined
    ? {}
    : {
        engine_version: schema.engine_version,
        tables: schema.tables.length,
        not_visible: schema.not_visible.length,
        ...(schema.role === undefined ? {} : { role: schema.role.name }),
        ...(schema.role?.writes_elsewhere === undefined ? {} : { writes_elsewhere: schema.role.writes_elsewhere }),
      }),
});
