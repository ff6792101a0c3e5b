import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { ApiKey } from '../../contracts/api-key.ts';
import { Failure } from '../../contracts/failure.ts';
import { ReportRef, Run } from '../../contracts/run.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { listCursor, readListCursor } from '../../domain/list-cursor.ts';
import { storedDocument } from '../stored-document.ts';
import { dynamoBelongings } from './dynamo-run-store-belongings.ts';
import { dynamoConnections } from './dynamo-run-store-connections.ts';
import { documentAttributes, documentOf } from './dynamo-run-store-document.ts';
import { dynamoItems, type Item } from './dynamo-run-store-items.ts';
import { dynamoRequests } from './dynamo-run-store-requests.ts';
import {
  apiKeyKey,
  indexKeys,
  prefixKey,
  runKey,
  runningKey,
  runningSortKey,
  runStoreTable,
  tenantKey,
} from './dynamo-run-store-table.ts';

const [succeededByPrefix, running] = runStoreTable.indexes;

/** The run store in one DynamoDB table. The keys and conditions of each method stand in docs/access-patterns.md. */
export const dynamoRunStore = (place: {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}): RunStore => {
  const items = dynamoItems(place.client, place.table);
  const where = `the table ${place.table}`;

  const readRun = (item: Item): Run => runOf(storedDocument(StoredRun, documentOf(item), where));

  return {
    async createRun(run) {
      const { tenant, run_id, reports } = run;
      const document = plain({ ...run, reports: Object.fromEntries(reports.map((report) => [report.agent, report])) });
      if (!(await items.putNew({ ...runKey(tenant, run_id), ...indexKeys(run), document })))
        throw new Failure('CONFLICT', `The run ${run_id} exists already.`, { where: 'run_id' });
    },

    async getRun(tenant, runId) {
      const item = await items.get(runKey(tenant, runId));
      return item === undefined ? undefined : readRun(item);
    },

    async listRuns(tenant, { limit, cursor }) {
      const found = await items.query({
        condition: 'pk = :pk and begins_with(sk, :runs)',
        values: { ':pk': tenantKey(tenant), ':runs': 'RUN#' },
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

    async findPreviousRun(tenant, prefix, beforeRunId) {
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

    async setExecution(tenant, runId, executionId) {
      const set = await items.update(runKey(tenant, runId), {
        set: 'SET #document.execution_id = :execution_id',
        names: { '#document': 'document' },
        values: { ':execution_id': executionId },
      });
      if (!set) throw noSuchRun(runId);
    },

    async setSources(tenant, runId, sources) {
      const set = await items.update(runKey(tenant, runId), {
        set: 'SET #document.sources = :sources',
        names: { '#document': 'document' },
        values: { ':sources': sources },
      });
      if (!set) throw noSuchRun(runId);
    },

    async reopenRun(tenant, runId, { attempt, budget }) {
      const set = [
        '#document.#status = :running',
        '#document.attempt = :attempt',
        'running_pk = :running_pk',
        'running_sk = :running_sk',
        ...(budget === undefined ? [] : ['#document.budget = :budget']),
      ];
      const removed = ['#document.execution_id', '#document.ended_at', '#document.failure'];
      return await items.update(runKey(tenant, runId), {
        set: `SET ${set.join(', ')} REMOVE ${removed.join(', ')}`,
        condition: 'not (#document.#status in (:running, :succeeded)) and #document.attempt = :before',
        names: { '#document': 'document', '#status': 'status' },
        values: {
          ':running': 'running',
          ':succeeded': 'succeeded',
          ':attempt': attempt,
          ':before': attempt - 1,
          ':running_pk': runningKey,
          ':running_sk': runningSortKey(tenant, runId),
          ...(budget === undefined ? {} : { ':budget': plain(budget) }),
        },
      });
    },

    async addReport(tenant, runId, report) {
      const added = await items.update(runKey(tenant, runId), {
        set: 'SET #document.reports.#agent = :report',
        names: { '#document': 'document', '#agent': report.agent },
        values: { ':report': plain(report) },
      });
      if (!added) throw noSuchRun(runId);
    },

    async settleRun(tenant, runId, { status, ended_at, failure }) {
      const settled = [
        '#document.#status = :status',
        '#document.ended_at = :ended_at',
        ...(failure === undefined ? [] : ['#document.failure = :failure']),
        ...(status === 'succeeded' ? ['prefix_sk = :run_id'] : []),
      ];
      return await items.update(runKey(tenant, runId), {
        set: `SET ${settled.join(', ')} REMOVE running_pk, running_sk`,
        condition: '#document.#status = :running',
        names: { '#document': 'document', '#status': 'status' },
        values: {
          ':running': 'running',
          ':status': status,
          ':ended_at': ended_at,
          ...(failure === undefined ? {} : { ':failure': plain(failure) }),
          ...(status === 'succeeded' ? { ':run_id': runId } : {}),
        },
      });
    },

    ...dynamoBelongings(items, where),
    ...dynamoConnections(items, where),
    ...dynamoRequests(items, where),

    async putApiKey(key) {
      const itemKey = apiKeyKey(key.hash);
      await items.put({ ...itemKey, ...documentAttributes(itemKey.sk, key) });
    },

    async findApiKey(hash) {
      const item = await items.get(apiKeyKey(hash));
      return item === undefined ? undefined : storedDocument(ApiKey, documentOf(item), where);
    },
  };
};

/** A run’s reports by agent, so that adding one is one atomic update whatever else happens to the run. */
const StoredRun = z.strictObject({ ...Run.shape, reports: z.record(z.string(), ReportRef) });

const runOf = (stored: z.infer<typeof StoredRun>): Run => ({
  ...stored,
  reports: Object.values(stored.reports).toSorted((a, b) => (a.agent < b.agent ? -1 : 1)),
});

/** Through JSON, because an explicit undefined is an error to DynamoDB. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value)) as unknown;

const noSuchRun = (runId: string): Failure =>
  new Failure('NOT_FOUND', `There is no run ${runId}.`, { where: 'run_id' });
