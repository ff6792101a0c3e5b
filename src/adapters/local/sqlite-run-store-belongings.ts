import type { z } from 'zod';
import { AgentSession } from '../../contracts/agent.ts';
import { Evidence } from '../../contracts/evidence.ts';
import { NodeResult } from '../../contracts/node-result.ts';
import { Lease } from '../../contracts/sandbox.ts';
import { Step } from '../../contracts/step.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { storedDocument, storedJson } from '../stored-document.ts';
import type { SqliteFile, SqliteRow } from './sqlite-file.ts';

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

/** The part of the run store that keeps what belongs to a run: sessions, node results, evidence, steps and the lease. */
export const sqliteBelongings = (file: SqliteFile, path: string): Belongings => {
  const read = <T>(schema: z.ZodType<T>, row: SqliteRow): T =>
    storedDocument(schema, storedJson(row['document']), path);
  const readOne = <T>(schema: z.ZodType<T>, row: SqliteRow | undefined): T | undefined =>
    row === undefined ? undefined : read(schema, row);

  return {
    async putSession(session) {
      file.run(
        `insert into sessions (tenant, run_id, agent, document) values (?, ?, ?, ?)
         on conflict do update set document = excluded.document`,
        session.tenant,
        session.run_id,
        session.agent,
        JSON.stringify(session),
      );
    },

    async getSession(tenant, runId, agent) {
      const row = file.get(
        'select document from sessions where tenant = ? and run_id = ? and agent = ?',
        tenant,
        runId,
        agent,
      );
      return readOne(AgentSession, row);
    },

    async listSessions(tenant, runId) {
      return file
        .all(
          `select document from sessions where tenant = ? and run_id = ? order by document ->> 'started_at', agent`,
          tenant,
          runId,
        )
        .map((row) => read(AgentSession, row));
    },

    async putNodeResult(result) {
      file.run(
        `insert into node_results (tenant, run_id, node, document) values (?, ?, ?, ?)
         on conflict do update set document = excluded.document`,
        result.tenant,
        result.run_id,
        result.node,
        JSON.stringify(result),
      );
    },

    async getNodeResult(tenant, runId, node) {
      const row = file.get(
        'select document from node_results where tenant = ? and run_id = ? and node = ?',
        tenant,
        runId,
        node,
      );
      return readOne(NodeResult, row);
    },

    async addEvidence(tenant, runId, evidence) {
      file.transaction(() => {
        for (const { number, evidence: document } of evidence)
          file.run(
            'insert into evidence (tenant, run_id, number, document) values (?, ?, ?, ?) on conflict do nothing',
            tenant,
            runId,
            number,
            JSON.stringify(document),
          );
      });
    },

    async listEvidence(tenant, runId) {
      return file
        .all('select number, document from evidence where tenant = ? and run_id = ? order by number', tenant, runId)
        .map((row) => ({ number: Number(row['number']), evidence: read(Evidence, row) }));
    },

    async putSteps(tenant, runId, steps) {
      file.transaction(() => {
        file.run('delete from steps where tenant = ? and run_id = ?', tenant, runId);
        for (const step of steps)
          file.run(
            'insert into steps (tenant, run_id, step_id, document) values (?, ?, ?, ?)',
            tenant,
            runId,
            step.step_id,
            JSON.stringify(step),
          );
      });
    },

    async listSteps(tenant, runId) {
      return file
        .all('select document from steps where tenant = ? and run_id = ? order by step_id', tenant, runId)
        .map((row) => read(Step, row));
    },

    async putLease(lease) {
      file.run(
        `insert into leases (tenant, run_id, document) values (?, ?, ?)
         on conflict do update set document = excluded.document`,
        lease.tenant,
        lease.run_id,
        JSON.stringify(lease),
      );
    },

    async getLease(tenant, runId) {
      return readOne(Lease, file.get('select document from leases where tenant = ? and run_id = ?', tenant, runId));
    },

    async deleteLease(tenant, runId) {
      file.run('delete from leases where tenant = ? and run_id = ?', tenant, runId);
    },
  };
};
