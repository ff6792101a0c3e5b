import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ApiClient } from '../../src/contracts/client.ts';
import type { ServerEngine } from '../../src/contracts/engine.ts';
import { Report } from '../../src/contracts/report.ts';
import type { RunView } from '../../src/contracts/run.ts';
import { heldByRun } from '../../src/contracts/sandbox.ts';
import { addApiKey, generateApiKey } from '../../src/use-cases/add-api-key.ts';
import { revokeApiKey } from '../../src/use-cases/revoke-api-key.ts';
import { Role } from '../../src/contracts/role.ts';
import { findDataset } from '../../src/domain/datasets/registry.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { findMiniStack } from '../adapters/aws/ministack.ts';
import { isMissing, leaveOut } from '../support/is-missing.ts';
import { loadDatasetIntoServer } from '../support/load-dataset.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { startMariadb } from '../support/mariadb-server.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { grantReader } from '../support/server-session.ts';
import { type AwsPlatform, startAwsPlatform } from './platform/aws-platform.ts';
import { figuresOf } from './platform/figures.ts';
import { readSynthesis } from './platform/synthesize.ts';

const found = await findMiniStack();
const start = { postgres: startPostgres, mysql: startMariadb };
const engines = ['postgres', 'mysql'] as const satisfies readonly ServerEngine[];
const agents = ['cataloging', 'summary'] as const;
const dataset = 'ecommerce';
/** What is surveyed: the data of one dataset on a server of each engine, and as files in the bucket of the deployment. */
const sources = [...engines, 'dataset'] as const;
type Source = (typeof sources)[number];

describe.skipIf(isMissing('postgres', 'mariadb') || ('missing' in found && leaveOut('emulator', found.missing)))(
  'a survey on the deployed stack',
  () => {
    let aws: AwsPlatform;
    let local: LocalService;
    let api: ApiClient;
    const servers: { stop(): Promise<void> }[] = [];
    const runs = new Map<Source, { readonly onAws: RunView; readonly onThisMachine: RunView }>();
    /** Started as the console does it, with a catalog request as the input of the execution. */
    let byHand: RunView;
    /** Of two databases, of which one cannot be opened. */
    let ofTwo: RunView;

    beforeAll(async () => {
      if ('missing' in found) return;
      [aws, local] = await Promise.all([
        startAwsPlatform(found.python, readSynthesis(inject('synthesisFolder')), {
          keepPermissions: inject('synthesisFolder'),
        }),
        startLocalService(),
      ]);
      api = await aws.apiOf('acme');
      const survey = async (source: Source, database: { db_conn_string: string } | { dataset: string }) => {
        const request = { ...database, s3_prefix: `reports/${source}` };
        const [there, here] = [await api.createCatalog(request), await local.api.createCatalog(request)];
        const onAws = await aws.ended(api, there.run_id, 240);
        runs.set(source, { onAws, onThisMachine: await local.ended(here.run_id, 240) });
      };
      let databaseUrl = '';
      for (const engine of engines) {
        const server = await start[engine]();
        servers.push(server);
        await server.run(`create database ${dataset}`);
        await loadDatasetIntoServer(engine, server.url(dataset), findDataset(dataset));
        await server.run(grantReader(engine, dataset), dataset);
        databaseUrl = server.url(dataset, 'reader', 'reads only');
        await survey(engine, { db_conn_string: databaseUrl });
      }
      await survey('dataset', { dataset });
      byHand = await startByHand(databaseUrl);
      const closed = new URL(databaseUrl);
      closed.password = 'wrong';
      const { run_id } = await api.createCatalog({
        sources: [{ dataset }, { db_conn_string: closed.href }],
        s3_prefix: 'reports/two',
      });
      ofTwo = await aws.ended(api, run_id, 240);
      await aws.functions.idle();
    }, 900_000);
    afterAll(async () => {
      await aws?.stop();
      await local?.close();
      await Promise.all(servers.map((server) => server.stop()));
    });

    const startByHand = async (connection: string): Promise<RunView> => {
      await api.createConnection({ name: 'shop', db_conn_string: connection });
      await new SFNClient({ ...aws.ministack.client, endpoint: aws.machines.url }).send(
        new StartExecutionCommand({
          stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:surveyor-catalog',
          name: 'by-hand',
          input: JSON.stringify({ tenant: 'acme', connection: 'shop', s3_prefix: 'reports/by-hand' }),
        }),
      );
      for (let waited = 0; waited < 30_000; waited += 200) {
        const { runs: listed } = await api.listRuns();
        const made = listed.find(({ trigger }) => trigger?.id === 'by-hand');
        if (made !== undefined) return aws.ended(api, made.run_id, 240);
        await sleep(200);
      }
      throw new Error('no run was made of the execution');
    };

    /** A minute passes, whose call comes twice, as those of EventBridge may; then one in which the run is under way. */
    const startBySchedule = async (): Promise<RunView> => {
      const { scheduler, functions } = aws;
      await api.createSchedule({
        name: 'nightly',
        expression: 'cron(* * * * ? *)',
        catalog: { connection: 'shop', s3_prefix: 'reports/nightly' },
      });
      const minute = Math.floor(Date.now() / 60_000);
      const minutesOn = (minutes: number) => scheduler.advance(new Date((minute + minutes) * 60_000));
      const lastOf = async () => (await api.getSchedule({ name: 'nightly' })).last;
      scheduler.copies = 2;
      await minutesOn(1);
      await expect.poll(lastOf).toMatchObject({ outcome: 'started' });
      const started = await lastOf();
      scheduler.copies = 1;
      await minutesOn(2);
      await expect.poll(lastOf).toMatchObject({ outcome: 'under_way', run_id: started?.run_id });
      await api.changeSchedule({ name: 'nightly', paused: true });
      await minutesOn(6);
      await expect.poll(() => scheduler.entries.size).toBe(1);
      functions.ahead = 0;
      return aws.ended(api, started?.run_id ?? '', 240);
    };

    const bucket = (): string => aws.deployment.outputs['BucketName'] ?? '';
    const runOn = (source: Source): RunView => {
      const run = runs.get(source)?.onAws;
      if (run === undefined) throw new Error(`no run of ${source}`);
      return run;
    };

    describe.each(sources)('of %s', (source) => {
      it('succeeds, with both reports in S3', async () => {
        const run = runOn(source);
        expect(run).toMatchObject({ status: 'succeeded' });
        expect(run.reports.map(({ agent }) => agent)).toEqual(agents);
        const s3 = new S3Client({ ...aws.ministack.client, forcePathStyle: true });
        for (const { html_key, json_key } of run.reports) {
          expect(html_key).toContain(`reports/${source}/${run.timestamp}/`);
          const page = await s3.send(new GetObjectCommand({ Bucket: bucket(), Key: `acme/${html_key}` }));
          expect(await page.Body?.transformToString()).toContain('</html>');
          const twin = await s3.send(new GetObjectCommand({ Bucket: bucket(), Key: `acme/${json_key}` }));
          expect(Report.parse(JSON.parse((await twin.Body?.transformToString()) ?? ''))).toMatchObject({
            run_id: run.run_id,
          });
        }
      });

      it('has its run, steps and evidence in DynamoDB', async () => {
        const { run_id } = runOn(source);
        expect(await aws.stores.runs.get('acme', run_id)).toMatchObject({ status: 'succeeded' });
        const { steps } = await api.listSteps({ id: run_id });
        expect(new Set(steps.map(({ kind }) => kind))).toEqual(
          new Set(['control', 'node', 'table', 'check', 'turn', 'tool']),
        );
        expect(steps.filter(({ ended_at }) => ended_at === undefined)).toEqual([]);
        expect((await aws.stores.evidence.list('acme', run_id)).length).toBeGreaterThan(10);
      });

      it('shows its log', async () => {
        const { entries } = await api.listLogs({ id: runOn(source).run_id, limit: 200 });
        expect(entries.map(({ message }) => message)).toEqual(
          expect.arrayContaining(['sandbox taken', 'database opened', 'run ended']),
        );
      });

      it('has the figures that a survey on one machine has', async () => {
        const onThisMachine = runs.get(source)?.onThisMachine.run_id ?? '';
        for (const agent of agents) {
          const there = Report.parse(await api.readReport({ id: runOn(source).run_id, agent }));
          const here = Report.parse(await local.api.readReport({ id: onThisMachine, agent }));
          expect(there.findings?.length).toBe(here.findings?.length);
          expect(figuresOf(there)).toEqual(figuresOf(here));
        }
      });

      it('leaves no sandbox, no lease and no secret', async () => {
        const { run_id } = runOn(source);
        expect(await aws.stores.leases.get('acme', heldByRun(run_id))).toBeUndefined();
        const { SecretList = [] } = await new SecretsManagerClient(aws.ministack.client).send(
          new ListSecretsCommand({}),
        );
        expect(SecretList.filter(({ Name = '' }) => Name.includes(run_id))).toEqual([]);
      });
    });

    it('makes a run of an execution that somebody started with a catalog request', () => {
      const somebody = { kind: 'console', id: 'by-hand' };
      expect(byHand).toMatchObject({
        status: 'succeeded',
        trigger: somebody,
        actor: somebody,
        s3_prefix: 'reports/by-hand',
      });
      expect(byHand.reports.map(({ agent }) => agent)).toEqual(agents);
      expect(byHand.console?.executions).toEqual([
        expect.stringMatching(/^https:.*\/executions\/details\/arn:aws:states:.*:execution:surveyor-catalog:by-hand$/),
      ]);
      expect(byHand.console?.logs).toContain(byHand.run_id);
    });

    it('makes one run of a schedule that is due, although it is called for twice', { timeout: 300_000 }, async () => {
      const bySchedule = await startBySchedule();
      const schedule = { kind: 'schedule', id: 'nightly' };
      expect(bySchedule).toMatchObject({
        status: 'succeeded',
        trigger: schedule,
        actor: schedule,
        s3_prefix: 'reports/nightly',
      });
      expect(bySchedule.reports.map(({ agent }) => agent)).toEqual(agents);
      const s3 = new S3Client({ ...aws.ministack.client, forcePathStyle: true });
      for (const { html_key } of bySchedule.reports) {
        const page = await s3.send(new GetObjectCommand({ Bucket: bucket(), Key: `acme/${html_key}` }));
        expect(await page.Body?.transformToString()).toContain('</html>');
      }
      const calls = aws.functions.calls.filter(({ name }) => name === 'surveyor-start-scheduled');
      const executions = calls.map(({ event }) => (event as { readonly execution_id: string }).execution_id);
      // Twice for one execution of the scheduler, then once for the next.
      expect(executions).toEqual([executions[0], executions[0], expect.not.stringMatching(`^${executions[0]}$`)]);
      const { runs: all } = await api.listRuns();
      expect(all.filter(({ trigger }) => trigger?.kind === 'schedule')).toHaveLength(1);
      expect(aws.scheduler.deadLetters).toEqual([]);
    });

    it('surveys what it can where one of two databases cannot be opened', () => {
      expect(ofTwo).toMatchObject({ status: 'succeeded' });
      expect(ofTwo.sources.map(({ failure }) => failure?.kind)).toEqual([undefined, 'DATABASE_REFUSED']);
    });

    it('refuses alike who has no key, one that nobody has, or one that was revoked', async () => {
      const ports = { apiKeys: aws.stores.apiKeys, clock: systemClock() };
      const request = { tenant: 'acme', roles: Role.options, rights: [], label: 'leaver' };
      const { key, stored } = await addApiKey(ports, request);
      const asking = (headers: Readonly<Record<string, string>>) => fetch(`${aws.url}/runs`, { headers });
      expect((await asking({ authorization: `Bearer ${key}` })).status).toBe(200);
      await revokeApiKey(ports, stored.hash.slice(0, 12));
      const credentials = [
        {},
        { authorization: `Bearer ${generateApiKey()}` },
        { authorization: `Bearer ${key}` },
        { authorization: '' },
      ];
      const refusals = await Promise.all(
        credentials.map(async (headers) => {
          const response = await asking(headers);
          const { request_id: _, ...problem } = (await response.json()) as Readonly<Record<string, unknown>>;
          return { status: response.status, problem };
        }),
      );
      expect(refusals).toEqual(refusals.map(() => refusals[0]));
      expect(refusals[0]).toMatchObject({ status: 401, problem: { kind: 'UNAUTHENTICATED' } });
    });

    it('shows a tenant nothing of another', async () => {
      const other = await aws.apiOf('rival');
      const { run_id } = runOn('dataset');
      expect(await other.listRuns()).toMatchObject({ runs: [] });
      expect(await other.listConnections()).toMatchObject({ connections: [] });
      for (const asking of [other.getRun({ id: run_id }), other.getConnection({ name: 'shop' })])
        await expect(asking).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    });

    it('answers on the other routes', async () => {
      const { run_id } = runOn('dataset');
      expect((await api.listConnections()).connections.map(({ name }) => name)).toEqual(['shop']);
      expect((await api.listSchedules()).schedules.map(({ name }) => name)).toEqual(['nightly']);
      expect((await api.listFindings({ id: run_id })).findings.length).toBeGreaterThan(0);
      expect((await api.listDatasets()).datasets.map(({ name }) => name)).toContain(dataset);
      expect((await api.describeDataset({ name: dataset })).tables.length).toBeGreaterThan(1);
      expect(await api.checkHealth()).toMatchObject({ status: 'ok' });
      expect((await api.describeApi()).openapi).toMatch(/^3\.1/);
      await api.deleteSchedule({ name: 'nightly' });
      // What was announced looks once more, and finds nothing.
      await aws.scheduler.advance(new Date(Date.now() + 180_000));
      expect(aws.scheduler.entries.size).toBe(0);
      await aws.functions.idle();
      aws.functions.ahead = 0;
    });

    it('answers with a link to a report that is larger than a function may answer', async () => {
      const [report] = byHand.reports;
      const before = await api.readReport({ id: byHand.run_id, agent: 'cataloging' });
      const s3 = new S3Client({ ...aws.ministack.client, forcePathStyle: true });
      const Body = JSON.stringify({ ...before, body_html: 'x'.repeat(6_500_000) });
      await s3.send(new PutObjectCommand({ Bucket: bucket(), Key: `acme/${report?.json_key}`, Body }));
      const after = await api.readReport({ id: byHand.run_id, agent: 'cataloging' });
      expect(after.body_html).toHaveLength(6_500_000);
    });

    it('takes one sandbox a run, and stops each', () => {
      expect(aws.tasks.calls.filter(({ action }) => action === 'RunTask')).toHaveLength(sources.length + 3);
      expect(aws.tasks.tasks).toHaveLength(sources.length + 3);
      expect(aws.tasks.living()).toEqual([]);
    });

    it('makes no call that a role does not allow', async () => {
      expect(await aws.refusedCalls()).toEqual([]);
    });

    it('measures what its states are sent and answer, whose bound the platform holds', () => {
      expect(aws.machines.largestPayload()).toBeGreaterThan(100);
    });
  },
);
