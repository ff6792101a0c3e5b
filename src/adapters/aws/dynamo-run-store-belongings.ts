import { z } from 'zod';
import { AgentSession } from '../../contracts/agent.ts';
import { Evidence } from '../../contracts/evidence.ts';
import { NodeResult } from '../../contracts/node-result.ts';
import { Lease } from '../../contracts/sandbox.ts';
import { Step } from '../../contracts/step.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { storedDocument } from '../stored-document.ts';
import { documentAttributes, documentOf, stepPages, stepsOf } from './dynamo-run-store-document.ts';
import type { Item, Items } from './dynamo-run-store-items.ts';
import { belongingKey, belongingsKey, type ItemKey, sortKeys } from './dynamo-run-store-table.ts';

type Belongings = Pick<
  RunStore,
  | 'putSession'
  | 'getSession'
  | 'listSessions'
  | 'putNodeResult'
  | 'getNodeResult'
  | 'addEvidence'
  | 'listEvidence'
  | 'putSteps'
  | 'listSteps'
  | 'putLease'
  | 'getLease'
  | 'deleteLease'
>;

/** Evidence that is written at once; the sandbox hands over at most 200. */
const parallelPuts = 25;

/** The part of the run store that keeps what belongs to a run: sessions, node results, evidence, steps and the lease. */
export const dynamoBelongings = (items: Items, where: string): Belongings => {
  const read = <T>(schema: z.ZodType<T>, item: Item): T => storedDocument(schema, documentOf(item), where);
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
  };
};

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
