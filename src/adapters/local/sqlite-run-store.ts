import type { z } from 'zod';
import { ApiKey } from '../../contracts/api-key.ts';
import { Failure } from '../../contracts/failure.ts';
import { Run } from '../../contracts/run.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { listCursor, readListCursor } from '../../domain/list-cursor.ts';
import { storedDocument, storedJson } from '../stored-document.ts';
import { diskReserve } from './disk-reserve.ts';
import { isDiskFull, openSqliteFile, type SqliteRow } from './sqlite-file.ts';
import { sqliteBelongings } from './sqlite-run-store-belongings.ts';
import { sqliteConnections } from './sqlite-run-store-connections.ts';
import { runStoreMigrations } from './sqlite-run-store-migrations.ts';
import { sqliteRequests } from './sqlite-run-store-requests.ts';

/**
 * The run store in one SQLite file; several processes may use it at once. The SQL of each method stands in
 * docs/access-patterns.md. Fails with STORAGE_FAILED on a file that is damaged, foreign or newer than this code.
 */
export const openSqliteRunStore = (path: string): RunStore & { close(): void } => {
  const file = openSqliteFile(path, runStoreMigrations);
  const reserve = diskReserve(`${path}-reserve`);

  const read = <T>(schema: z.ZodType<T>, row: SqliteRow): T =>
    storedDocument(schema, storedJson(row['document']), path);
  const readOne = <T>(schema: z.ZodType<T>, row: SqliteRow | undefined): T | undefined =>
    row === undefined ? undefined : read(schema, row);

  return {
    async createRun(run) {
      const created = file.run(
        'insert into runs (tenant, run_id, document) values (?, ?, ?) on conflict do nothing',
        run.tenant,
        run.run_id,
        JSON.stringify(run),
      );
      if (created === 0) throw new Failure('CONFLICT', `The run ${run.run_id} exists already.`, { where: 'run_id' });
    },

    async getRun(tenant, runId) {
      return readOne(Run, file.get('select document from runs where tenant = ? and run_id = ?', tenant, runId));
    },

    async listRuns(tenant, { limit, cursor }) {
      // '~' sorts after every character of a run id.
      const before = cursor === undefined ? '~' : readListCursor('runs', tenant, cursor);
      const runs = file
        .all(
          'select document from runs where tenant = ? and run_id < ? order by run_id desc limit ?',
          tenant,
          before,
          limit + 1,
        )
        .map((row) => read(Run, row));
      const items = runs.slice(0, limit);
      const last = items.at(-1);
      return runs.length > limit && last !== undefined
        ? { items, next_cursor: listCursor('runs', tenant, last.run_id) }
        : { items };
    },

    async findPreviousRun(tenant, prefix, beforeRunId) {
      const row = file.get(
        `select document from runs
         where tenant = ? and document ->> 's3_prefix' = ? and document ->> 'status' = 'succeeded' and run_id < ?
         order by run_id desc limit 1`,
        tenant,
        prefix,
        beforeRunId,
      );
      return readOne(Run, row);
    },

    async listRunning() {
      return file
        .all(`select document from runs where document ->> 'status' = 'running' order by tenant, run_id`)
        .map((row) => read(Run, row));
    },

    async setExecution(tenant, runId, executionId) {
      const changed = file.run(
        'update runs set document = json_patch(document, ?) where tenant = ? and run_id = ?',
        JSON.stringify({ execution_id: executionId }),
        tenant,
        runId,
      );
      if (changed === 0) throw noSuchRun(runId);
    },

    async setSources(tenant, runId, sources) {
      const changed = file.run(
        "update runs set document = json_set(document, '$.sources', json(?)) where tenant = ? and run_id = ?",
        JSON.stringify(sources),
        tenant,
        runId,
      );
      if (changed === 0) throw noSuchRun(runId);
    },

    async reopenRun(tenant, runId, { attempt, budget }) {
      return file.transaction(() => {
        const row = file.get('select document from runs where tenant = ? and run_id = ?', tenant, runId);
        const run = readOne(Run, row);
        if (run === undefined || run.attempt !== attempt - 1) return false;
        if (run.status === 'running' || run.status === 'succeeded') return false;
        const { execution_id: _, ended_at: __, failure: ___, ...kept } = run;
        const reopened: Run = { ...kept, status: 'running', attempt, ...(budget === undefined ? {} : { budget }) };
        file.run(
          'update runs set document = ? where tenant = ? and run_id = ?',
          JSON.stringify(reopened),
          tenant,
          runId,
        );
        return true;
      });
    },

    async addReport(tenant, runId, report) {
      file.transaction(() => {
        const row = file.get('select document from runs where tenant = ? and run_id = ?', tenant, runId);
        const run = readOne(Run, row);
        if (run === undefined) throw noSuchRun(runId);
        const others = run.reports.filter(({ agent }) => agent !== report.agent);
        const reports = [...others, report].toSorted((a, b) => (a.agent < b.agent ? -1 : 1));
        file.run(
          'update runs set document = ? where tenant = ? and run_id = ?',
          JSON.stringify({ ...run, reports }),
          tenant,
          runId,
        );
      });
    },

    async settleRun(tenant, runId, settlement) {
      const settle = (): number =>
        file.run(
          `update runs set document = json_patch(document, ?)
         where tenant = ? and run_id = ? and document ->> 'status' = 'running'`,
          JSON.stringify(settlement),
          tenant,
          runId,
        );
      // A full disk may be what the run failed of: its end is told all the same.
      return reserve.spend(settle, isDiskFull) === 1;
    },

    ...sqliteBelongings(file, path),
    ...sqliteConnections(file, path),
    ...sqliteRequests(file, path),

    async putApiKey(key) {
      file.run(
        'insert into api_keys (hash, document) values (?, ?) on conflict do update set document = excluded.document',
        key.hash,
        JSON.stringify(key),
      );
    },

    async findApiKey(hash) {
      return readOne(ApiKey, file.get('select document from api_keys where hash = ?', hash));
    },

    close: () => file.close(),
  };
};

const noSuchRun = (runId: string): Failure =>
  new Failure('NOT_FOUND', `There is no run ${runId}.`, { where: 'run_id' });
