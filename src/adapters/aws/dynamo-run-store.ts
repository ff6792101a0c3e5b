import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { AgentSession } from '../../contracts/agent.ts';
import { ApiKey } from '../../contracts/api-key.ts';
import { Evidence } from '../../contracts/evidence.ts';
import { Failure } from '../../contracts/failure.ts';
import { NodeResult } from '../../contracts/node-result.ts';
import { ReportRef, Run } from '../../contracts/run.ts';
import { Lease } from '../../contracts/sandbox.ts';
import { Step } from '../../contracts/step.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { listCursor, readListCursor } from '../list-cursor.ts';
import { storedDocument } from '../stored-document.ts';
import { dynamoConnections } from './dynamo-run-store-connections.ts';
import { documentAttributes, documentOf, stepPages, stepsOf } from './dynamo-run-store-document.ts';
import { dynamoItems, type Item } from './dynamo-run-store-items.ts';
import { dynamoRequests } from './dynamo-run-store-requests.ts';
import {
  apiKeyKey,
  belongingKey,
  belongingsKey,
  indexKeys,
  type ItemKey,
  prefixKey,
  runKey,
  runningKey,
  runningSortKey,
  runStoreTable,
  sortKeys,
  tenantKey,
} from './dynamo-run-store-table.ts';

/** Evidence that is written at once; the sandbox hands over at most 200. */
const parallelPuts = 25;

const [succeededByPrefix, running] = runStoreTable.indexes;

/** The run store in one DynamoDB table. The keys and conditions of each method stand in docs/access-patterns.md. */
export const dynamoRunStore = (place: {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}): RunStore => {
  const items = dynamoItems(place.client, place.table);
  const where = `the table ${place.table}`;

  const read = <T>(schema: z.ZodType<T>, item: Item): T => storedDocument(schema, documentOf(item), where);
  const readRun = (item: Item): Run => runOf(read(StoredRun, item));

  const getDocument = async <T>(schema: z.ZodType<T>, key: ItemKey): Promise<T | undefined> => {
    const item = await items.get(key);
    return item === undefined ? undefined : read(schema, item);
  };
  const putDocument = (key: ItemKey, document: object): Promise<void> =>
    items.put({ ...key, ...documentAttributes(key.sk, document) });
  const listBelongings = (tenant: string, runId: string, beginning: string): Promise<readonly Item[]> =>
    items.query({
      condition: 'pk = :pk and begins_with(sk, :beginning)',
      values: { ':pk': belongingsKey(tenant, runId), ':beginning': beginning },
    });

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

    putSession: async (session) =>
      putDocument(belongingKey(session.tenant, session.run_id, sortKeys.session(session.agent)), session),

    getSession: async (tenant, runId, agent) =>
      getDocument(AgentSession, belongingKey(tenant, runId, sortKeys.session(agent))),

    async listSessions(tenant, runId) {
      const found = await listBelongings(tenant, runId, sortKeys.session(''));
      // They come in the order of the agents' names, which sorting keeps among equal times.
      return found.map((item) => read(AgentSession, item)).toSorted((a, b) => compare(a.started_at, b.started_at));
    },

    putNodeResult: async (result) =>
      putDocument(belongingKey(result.tenant, result.run_id, sortKeys.node(result.node)), result),

    getNodeResult: async (tenant, runId, node) =>
      getDocument(NodeResult, belongingKey(tenant, runId, sortKeys.node(node))),

    async addEvidence(tenant, runId, evidence) {
      for (let start = 0; start < evidence.length; start += parallelPuts) {
        const puts = evidence.slice(start, start + parallelPuts).map(({ number, evidence: document }) => {
          const key = belongingKey(tenant, runId, sortKeys.evidence(number));
          return items.putNew({ ...key, ...documentAttributes(key.sk, document) });
        });
        await Promise.all(puts);
      }
    },

    async listEvidence(tenant, runId) {
      const beginning = 'EVIDENCE#';
      const found = await listBelongings(tenant, runId, beginning);
      return found.map((item) => ({
        number: Number(String(item['sk']).slice(beginning.length)),
        evidence: read(Evidence, item),
      }));
    },

    async putSteps(tenant, runId, steps) {
      const sorted = steps.toSorted((a, b) => compare(a.step_id, b.step_id));
      const pages = stepPages(sorted).map((page, number) => ({
        ...belongingKey(tenant, runId, sortKeys.stepsPage(number)),
        ...page,
      }));
      await items.putTogether(pages);
    },

    async listSteps(tenant, runId) {
      const pages = await listBelongings(tenant, runId, 'STEPS#');
      return storedDocument(z.array(Step), stepsOf(pages), where);
    },

    putLease: async (lease) => putDocument(belongingKey(lease.tenant, lease.run_id, sortKeys.lease), lease),
    getLease: async (tenant, runId) => getDocument(Lease, belongingKey(tenant, runId, sortKeys.lease)),
    async deleteLease(tenant, runId) {
      await items.remove(belongingKey(tenant, runId, sortKeys.lease));
    },

    ...dynamoConnections(items, where),
    ...dynamoRequests(items, where),

    putApiKey: async (key) => putDocument(apiKeyKey(key.hash), key),
    findApiKey: async (hash) => getDocument(ApiKey, apiKeyKey(hash)),
  };
};

/** A run’s reports by agent, so that adding one is one atomic update whatever else happens to the run. */
const StoredRun = z.strictObject({ ...Run.shape, reports: z.record(z.string(), ReportRef) });

const runOf = (stored: z.infer<typeof StoredRun>): Run => ({
  ...stored,
  reports: Object.values(stored.reports).toSorted((a, b) => compare(a.agent, b.agent)),
});

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** Through JSON, because an explicit undefined is an error to DynamoDB. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value)) as unknown;

const noSuchRun = (runId: string): Failure =>
  new Failure('NOT_FOUND', `There is no run ${runId}.`, { where: 'run_id' });
