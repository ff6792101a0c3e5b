import type { AgentSession } from '../contracts/agent.ts';
import type { ApiKey } from '../contracts/api-key.ts';
import type { Connection } from '../contracts/connection.ts';
import type { Evidence } from '../contracts/evidence.ts';
import type { IdempotencyClaim } from '../contracts/idempotency.ts';
import type { NodeResult } from '../contracts/node-result.ts';
import type { Run } from '../contracts/run.ts';
import type { Lease } from '../contracts/sandbox.ts';
import type { Step } from '../contracts/step.ts';

/** A page of runs, newest first. `next_cursor` is opaque. */
export type Page<T> = { readonly items: readonly T[]; readonly next_cursor?: string };

/** How a run is settled: its last status and all that becomes known with it. */
export type Settlement = Required<Pick<Run, 'status' | 'ended_at'>> & Pick<Run, 'failure'>;

/**
 * Runs and what belongs to them. The access patterns, with the keys and SQL of each, stand in docs/access-patterns.md;
 * both adapters are built from that table. Every method names the tenant first and sees nothing of another.
 */
export type RunStore = {
  /** Fails with CONFLICT where the run exists. */
  createRun(run: Run): Promise<void>;
  getRun(tenant: string, runId: string): Promise<Run | undefined>;
  /** Newest first. Fails with INVALID_REQUEST on a cursor it did not give. */
  listRuns(tenant: string, page: { readonly limit: number; readonly cursor?: string | undefined }): Promise<Page<Run>>;
  /** The newest succeeded run under a prefix that is older than the given run. */
  findPreviousRun(tenant: string, prefix: string, beforeRunId: string): Promise<Run | undefined>;
  /** Every running run, of all tenants: what a service that starts again must settle. */
  listRunning(): Promise<readonly Run[]>;
  setExecution(tenant: string, runId: string, executionId: string): Promise<void>;
  /** Replaces what is told of the run's sources. Fails with NOT_FOUND. */
  setSources(tenant: string, runId: string, sources: Run['sources']): Promise<void>;
  /**
   * Sets a run that has ended without success running again, with its attempt counted up; says whether it did: of several
   * who ask at once, one does.
   */
  reopenRun(
    tenant: string,
    runId: string,
    change: { readonly attempt: number } & Pick<Run, 'budget'>,
  ): Promise<boolean>;
  /** Adds a report to the run; one for the same agent is replaced. */
  addReport(tenant: string, runId: string, report: Run['reports'][number]): Promise<void>;
  /** Ends the run if it is running, else changes nothing; says whether it did. */
  settleRun(tenant: string, runId: string, settlement: Settlement): Promise<boolean>;

  putSession(session: AgentSession): Promise<void>;
  getSession(tenant: string, runId: string, agent: string): Promise<AgentSession | undefined>;
  /** In the order of their start. */
  listSessions(tenant: string, runId: string): Promise<readonly AgentSession[]>;

  putNodeResult(result: NodeResult): Promise<void>;
  getNodeResult(tenant: string, runId: string, node: string): Promise<NodeResult | undefined>;

  /** Adds evidence under the sandbox's own numbers; one with a known number is the same one sent again. */
  addEvidence(
    tenant: string,
    runId: string,
    evidence: readonly { readonly number: number; readonly evidence: Evidence }[],
  ): Promise<void>;
  /** In the order of their numbers. */
  listEvidence(
    tenant: string,
    runId: string,
  ): Promise<readonly { readonly number: number; readonly evidence: Evidence }[]>;

  /** Replaces the run's steps. */
  putSteps(tenant: string, runId: string, steps: readonly Step[]): Promise<void>;
  /** In the order of their start; empty until the run is settled. */
  listSteps(tenant: string, runId: string): Promise<readonly Step[]>;

  putLease(lease: Lease): Promise<void>;
  getLease(tenant: string, runId: string): Promise<Lease | undefined>;
  deleteLease(tenant: string, runId: string): Promise<void>;

  /** Fails with CONFLICT where one has the name. */
  createConnection(connection: Connection): Promise<void>;
  getConnection(tenant: string, name: string): Promise<Connection | undefined>;
  /** By name. Fails with INVALID_REQUEST on a cursor it did not give. */
  listConnections(
    tenant: string,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<Connection>>;
  /** Says whether there is such a connection. */
  setConnectionTest(tenant: string, name: string, testRunId: string): Promise<boolean>;
  /** Gives a connection another secret and what goes with it, if it still has the secret `before`; says whether it had. */
  rotateConnection(
    tenant: string,
    name: string,
    before: string,
    rotation: Required<Pick<Connection, 'secret' | 'label' | 'rotated_at'>>,
  ): Promise<boolean>;
  /** Deletes a connection that still has the secret; says whether there was such a one. */
  deleteConnection(tenant: string, name: string, secret: string): Promise<boolean>;

  /** Keeps the claim if its key is free or has expired, else answers with the one that stands. */
  claimIdempotencyKey(claim: IdempotencyClaim, now: string): Promise<IdempotencyClaim>;
  /** Counts one request of an API key within a window, and answers with how many there have been. Windows pass away. */
  countRequest(keyHash: string, window: { readonly start: string; readonly seconds: number }): Promise<number>;

  putApiKey(key: ApiKey): Promise<void>;
  /** By the hash alone: the tenant is what a key tells. */
  findApiKey(hash: string): Promise<ApiKey | undefined>;
};
