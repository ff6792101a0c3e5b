import * as z from 'zod';
import { Failure } from '../../../contracts/failure.ts';
import { ReportRef, Run, RunAct } from '../../../contracts/run.ts';
import type { RunStore } from '../../../ports/run-store.ts';
import { listCursor, readListCursor } from '../../../domain/list-cursor.ts';
import { storedDocument } from '../../../contracts/stored-document.ts';
import { documentOf, plain } from './dynamo-document.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import type { Item } from './dynamo-items.ts';
import {
  indexKeys,
  prefixKey,
  runKey,
  runningKey,
  runningSortKey,
  runsBeginning,
  storeTable,
  tenantKey,
} from './dynamo-table.ts';

const [succeededByPrefix, running] = storeTable.indexes;

/** Runs in a DynamoDB table. */
export const dynamoRunStore = ({ items, where }: DocumentTable): RunStore => {
  const readRun = (item: Item): Run => storedRun(item, where);

  return {
    async create(run) {
      const { tenant, run_id, reports } = run;
      const document = plain(where, StoredRun, {
        ...run,
        reports: Object.fromEntries(reports.map((report) => [report.agent, report])),
      });
      if (!(await items.putNew({ ...runKey(tenant, run_id), ...indexKeys(run), document })))
        throw new Failure('CONFLICT', `The run ${run_id} exists already.`, { where: 'run_id' });
    },

    async get(tenant, runId) {
      const item = await items.get(runKey(tenant, runId));
      return item === undefined ? undefined : readRun(item);
    },

    async list(tenant, { limit, cursor }, prefixes) {
      const found = await items.query({
        condition: 'pk = :pk and begins_with(sk, :runs)',
        values: { ':pk': tenantKey(tenant), ':runs': runsBeginning },
        filter: prefixes === undefined ? undefined : within(tenant, prefixes),
        newestFirst: true,
        after: cursor === undefined ? undefined : runKey(tenant, readListCursor('runs', tenant, cursor)),
        limit: limit + 1,
      });
      const runs = found.slice(0, limit).map(readRun);
      const last = runs.at(-1);
      return found.length > limit && last !== undefined
        ? { items: runs, next_cursor: listCursor('runs', tenant, last.run_id) }
        : { items: runs };
    },

    async findPrevious(tenant, prefix, beforeRunId) {
      const [newest] = await items.query({
        index: succeededByPrefix.name,
        condition: 'prefix_pk = :prefix and prefix_sk < :before',
        values: { ':prefix': prefixKey(tenant, prefix), ':before': beforeRunId },
        newestFirst: true,
        limit: 1,
      });
      return newest === undefined ? undefined : readRun(newest);
    },

    async listRunning() {
      const found = await items.query({
        index: running.name,
        condition: 'running_pk = :running',
        values: { ':running': runningKey },
      });
      return found.map(readRun);
    },

    setExecution: async (tenant, runId, attempt, executionId) =>
      items.update(runKey(tenant, runId), {
        kind: 'executed',
        set: ['#document.execution_id = :execution_id'],
        condition: '#document.attempt = :attempt',
        names: { '#document': 'document' },
        values: { ':execution_id': plain(where, Run.shape.execution_id, executionId), ':attempt': attempt },
      }),

    setSources: async (tenant, runId, attempt, sources) =>
      items.update(runKey(tenant, runId), {
        kind: 'described',
        set: ['#document.sources = :sources'],
        condition: runningIn,
        names: { '#document': 'document', '#status': 'status' },
        values: { ':sources': plain(where, Run.shape.sources, sources), ...runningValues(attempt) },
      }),

    reopen: async (tenant, runId, { attempt, budget, act }) =>
      items.update(runKey(tenant, runId), {
        kind: 'reopened',
        set: [
          '#document.#status = :running',
          '#document.attempt = :attempt',
          'running_pk = :running_pk',
          'running_sk = :running_sk',
          addedAct,
          ...(budget === undefined ? [] : ['#document.budget = :budget']),
        ],
        remove: ['#document.execution_id', '#document.ended_at', '#document.failure'],
        condition: 'not (#document.#status in (:running, :succeeded)) and #document.attempt = :before',
        names: { '#document': 'document', '#status': 'status', '#acts': 'acts' },
        values: {
          ...actValues(where, act),
          ':running': 'running',
          ':succeeded': 'succeeded',
          ':attempt': attempt,
          ':before': attempt - 1,
          ':running_pk': runningKey,
          ':running_sk': runningSortKey(tenant, runId),
          ...(budget === undefined ? {} : { ':budget': plain(where, Run.shape.budget, budget) }),
        },
      }),

    async addAct(tenant, runId, act) {
      const added = await items.update(runKey(tenant, runId), {
        kind: 'acted',
        set: [addedAct],
        names: { '#document': 'document', '#acts': 'acts' },
        values: actValues(where, act),
      });
      if (!added) throw noSuchRun(runId);
    },

    addReport: async (tenant, runId, attempt, report) =>
      items.update(runKey(tenant, runId), {
        kind: 'reported',
        set: ['#document.reports.#agent = :report'],
        condition: runningIn,
        names: { '#document': 'document', '#status': 'status', '#agent': report.agent },
        values: { ':report': plain(where, ReportRef, report), ...runningValues(attempt) },
      }),

    settle: async (tenant, runId, { attempt, status, ended_at, failure }) =>
      items.update(runKey(tenant, runId), {
        kind: 'settled',
        set: [
          '#document.#status = :status',
          '#document.ended_at = :ended_at',
          ...(failure === undefined ? [] : ['#document.failure = :failure']),
          ...(status === 'succeeded' ? ['prefix_sk = :run_id'] : []),
        ],
        remove: ['running_pk', 'running_sk'],
        condition: runningIn,
        names: { '#document': 'document', '#status': 'status' },
        values: {
          ...runningValues(attempt),
          ':status': plain(where, Run.shape.status, status),
          ':ended_at': plain(where, Run.shape.ended_at, ended_at),
          ...(failure === undefined ? {} : { ':failure': plain(where, Run.shape.failure, failure) }),
          ...(status === 'succeeded' ? { ':run_id': runId } : {}),
        },
      }),
  };
};

/** The run of an item. Fails with STORAGE_FAILED on one that is not what the contract says. */
export const storedRun = (item: Item, where: string): Run => runOf(storedDocument(StoredRun, documentOf(item), where));

const runningIn = '#document.#status = :running and #document.attempt = :attempt';
const runningValues = (attempt: number) => ({ ':running': 'running', ':attempt': attempt });

const addedAct = '#document.#acts = list_append(if_not_exists(#document.#acts, :no_acts), :acts)';
const actValues = (where: string, act: RunAct) => ({ ':no_acts': [], ':acts': [plain(where, RunAct, act)] });

/** The runs that publish under one of the prefixes or below it, by the key of their index. */
const within = (tenant: string, prefixes: readonly string[]) => ({
  expression: prefixes
    .map((_, index) => `prefix_pk = :in${index} or begins_with(prefix_pk, :below${index})`)
    .join(' or '),
  values: Object.fromEntries(
    prefixes.flatMap((prefix, index) => [
      [`:in${index}`, prefixKey(tenant, prefix)],
      [`:below${index}`, `${prefixKey(tenant, prefix)}/`],
    ]),
  ),
});

/** A run from before a run could publish nothing. */
const withPublish = (stored: unknown): unknown => {
  if (typeof stored !== 'object' || stored === null || !('s3_prefix' in stored) || !('timestamp' in stored))
    return stored;
  const { s3_prefix, timestamp, ...run } = stored;
  return { ...run, publish: { s3_prefix, timestamp } };
};

/** A run’s reports by agent, so that adding one is one atomic update whatever else happens to the run. */
const StoredRun = z.preprocess(withPublish, z.strictObject({ ...Run.shape, reports: z.record(z.string(), ReportRef) }));

const runOf = ({ acts, ...stored }: z.infer<typeof StoredRun>): Run => ({
  ...stored,
  // An act whose answer was lost is sent again, and may then stand here twice.
  ...(acts === undefined ? {} : { acts: [...new Map(acts.map((act) => [JSON.stringify(act), act])).values()] }),
  reports: Object.values(stored.reports).toSorted((a, b) => (a.agent < b.agent ? -1 : 1)),
});

const noSuchRun = (runId: string): Failure =>
  new Failure('NOT_FOUND', `There is no run ${runId}.`, { where: 'run_id' });
