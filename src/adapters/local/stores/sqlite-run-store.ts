import { Failure } from '../../../contracts/failure.ts';
import { Run } from '../../../contracts/run.ts';
import type { RunStore } from '../../../ports/run-store.ts';
import { listCursor, readListCursor } from '../../../domain/list-cursor.ts';
import { messagesOfChange } from '../../../domain/messages/messages-of-change.ts';
import type { DiskReserve } from '../disk-reserve.ts';
import { isDiskFull } from '../sqlite-file.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';
import type { Outbox } from './sqlite-outbox.ts';

const selectOne = 'select document from runs where tenant = ? and run_id = ?';
const selectBefore = 'select document from runs where tenant = ? and run_id < ?';
const isRunningIn = `tenant = ? and run_id = ? and document ->> 'status' = 'running' and document ->> 'attempt' = ?`;
const isWithin = `exists (
  select 1 from json_each(?) as prefix
  where document ->> '$.publish.s3_prefix' = prefix.value
  or substr(document ->> '$.publish.s3_prefix', 1, length(prefix.value) + 1) = prefix.value || '/'
)`;

/**
 * Runs in a SQLite file. A run that starts or ends is told of in the outbox, by the same transaction. The reserve is room on the
 * disk by which the end of a run is told when there is no other.
 */
export const sqliteRunStore = (
  { file, get, all, text, change }: SqliteDocuments,
  outbox: Pick<Outbox, 'add'>,
  reserve: DiskReserve,
): RunStore => {
  return {
    async create(run) {
      const created = file.transaction(() => {
        const inserted = file.run(
          'insert into runs (tenant, run_id, document) values (?, ?, ?) on conflict do nothing',
          run.tenant,
          run.run_id,
          text(Run, run),
        );
        if (inserted === 1) outbox.add(messagesOfChange(undefined, run));
        return inserted === 1;
      });
      if (!created) throw new Failure('CONFLICT', `The run ${run.run_id} exists already.`, { where: 'run_id' });
    },

    async get(tenant, runId) {
      return get(Run, selectOne, tenant, runId);
    },

    async list(tenant, { limit, cursor }, prefixes) {
      // '~' sorts after every character of a run id.
      const before = cursor === undefined ? '~' : readListCursor('runs', tenant, cursor);
      const runs =
        prefixes === undefined
          ? all(Run, `${selectBefore} order by run_id desc limit ?`, tenant, before, limit + 1)
          : all(
              Run,
              `${selectBefore} and ${isWithin} order by run_id desc limit ?`,
              tenant,
              before,
              JSON.stringify(prefixes),
              limit + 1,
            );
      const items = runs.slice(0, limit);
      const last = items.at(-1);
      return runs.length > limit && last !== undefined
        ? { items, next_cursor: listCursor('runs', tenant, last.run_id) }
        : { items };
    },

    async findPrevious(tenant, prefix, beforeRunId) {
      return get(
        Run,
        `select document from runs
         where tenant = ? and document ->> '$.publish.s3_prefix' = ? and document ->> 'status' = 'succeeded' and run_id < ?
         order by run_id desc limit 1`,
        tenant,
        prefix,
        beforeRunId,
      );
    },

    async listRunning() {
      return all(Run, `select document from runs where document ->> 'status' = 'running' order by tenant, run_id`);
    },

    async setExecution(tenant, runId, attempt, executionId) {
      const patch = {
        table: 'runs',
        set: 'json_patch(document, ?)',
        where: `tenant = ? and run_id = ? and document ->> 'attempt' = ?`,
      };
      return change(Run, patch, JSON.stringify({ execution_id: executionId }), tenant, runId, attempt);
    },

    async setSources(tenant, runId, attempt, sources) {
      const described = { table: 'runs', set: `json_set(document, '$.sources', json(?))`, where: isRunningIn };
      return change(Run, described, JSON.stringify(sources), tenant, runId, attempt);
    },

    async reopen(tenant, runId, { attempt, budget, act }) {
      return file.transaction(() => {
        const run = get(Run, selectOne, tenant, runId);
        if (run === undefined || run.attempt !== attempt - 1) return false;
        if (run.status === 'running' || run.status === 'succeeded') return false;
        const { execution_id: _, ended_at: __, failure: ___, ...kept } = run;
        const acts = [...(run.acts ?? []), act];
        const reopened: Run = {
          ...kept,
          acts,
          status: 'running',
          attempt,
          ...(budget === undefined ? {} : { budget }),
        };
        file.run('update runs set document = ? where tenant = ? and run_id = ?', text(Run, reopened), tenant, runId);
        outbox.add(messagesOfChange(run, reopened));
        return true;
      });
    },

    async addAct(tenant, runId, act) {
      const added = {
        table: 'runs',
        set: `json_set(document, '$.acts', json_insert(coalesce(document -> '$.acts', '[]'), '$[#]', json(?)))`,
        where: 'tenant = ? and run_id = ?',
      };
      if (!change(Run, added, JSON.stringify(act), tenant, runId)) throw noSuchRun(runId);
    },

    async addReport(tenant, runId, attempt, report) {
      return file.transaction(() => {
        const run = get(Run, selectOne, tenant, runId);
        if (run?.status !== 'running' || run.attempt !== attempt) return false;
        const others = run.reports.filter(({ agent }) => agent !== report.agent);
        const reports = [...others, report].toSorted((a, b) => (a.agent < b.agent ? -1 : 1));
        file.run(
          'update runs set document = ? where tenant = ? and run_id = ?',
          text(Run, { ...run, reports }),
          tenant,
          runId,
        );
        return true;
      });
    },

    async settle(tenant, runId, settlement) {
      const settle = (): boolean =>
        file.transaction(() => {
          const run = get(Run, selectOne, tenant, runId);
          if (run?.status !== 'running' || run.attempt !== settlement.attempt) return false;
          const settled: Run = { ...run, ...settlement };
          file.run('update runs set document = ? where tenant = ? and run_id = ?', text(Run, settled), tenant, runId);
          outbox.add(messagesOfChange(run, settled));
          return true;
        });
      // A full disk may be what the run failed of: its end is told all the same.
      return reserve.spend(settle, isDiskFull);
    },
  };
};

const noSuchRun = (runId: string): Failure =>
  new Failure('NOT_FOUND', `There is no run ${runId}.`, { where: 'run_id' });
