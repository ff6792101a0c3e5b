import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { claimHome } from '../../bin/commands/service-state.ts';
import { problemResult } from '../../functions/problem-result.ts';
import { readOrMakeApiKey } from '../../bin/local/api-key.ts';
import { serveHttp } from '../../bin/local/http-server.ts';
import type { HttpServer } from '../../bin/local/http-server.ts';
import type { AgentSession } from '../../src/contracts/agent.ts';
import { CatalogRequest } from '../../src/contracts/catalog.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { FindingPage } from '../../src/contracts/finding-page.ts';
import type { RunView } from '../../src/contracts/run.ts';
import type { Step } from '../../src/contracts/step.ts';
import type { Log } from '../../src/ports/log.ts';
import { routeHandlers } from '../support/route-handlers.ts';

export const runId = '01JD3Y6M9Q4T8V2X5Z7B1C3D4E';
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLog,
};

const at = (milliseconds: number): string => new Date(Date.UTC(2026, 0, 31, 12) + milliseconds).toISOString();

/** A run of the contract's shape: two agents, the first of which has reported. */
export const sampleRun = (changes: Partial<RunView> = {}): RunView => ({
  run_id: runId,
  chain: { name: 'catalog', version: 1 },
  status: 'running',
  sources: [{ name: 'main', kind: 'dataset', label: 'ecommerce', engine: 'files' }],
  attempt: 1,
  s3_prefix: 'reports/ecommerce',
  timestamp: '2026-01-31T12-00-00.000Z',
  created_at: at(0),
  reports: [],
  agents: [sampleAgent()],
  ...changes,
});

const sampleAgent = (): Omit<AgentSession, 'tenant' | 'run_id'> => ({
  agent: 'cataloging',
  status: 'running',
  attempt: 1,
  model: 'claude-sonnet-5-5',
  prompt_version: 1,
  prompt_hash: '0'.repeat(64),
  budget: { tokens: 1_000_000, dollars: 5, turns: 30, statements: 100, seconds: 600 },
  turns: 3,
  statements: 4,
  usage: {
    input_tokens: 1_000,
    output_tokens: 234,
    cache_read_tokens: 40_000,
    cache_write_tokens: 1_100,
    dollars: 0.1234,
  },
  reserved_dollars: 0,
  wrap_up_told: false,
  report_submitted: false,
  started_at: at(1_500),
});

const step = (id: string, name: string, kind: Step['kind'], start: number, more: Partial<Step> = {}): Step => ({
  step_id: id,
  name,
  kind,
  status: 'succeeded',
  started_at: at(start),
  ended_at: at(start + 400),
  ...more,
});
const running = { status: 'running', ended_at: undefined } as unknown as Partial<Step>;

/** The steps of a run in the middle of its first agent's third turn. */
export const sampleSteps = (): readonly Step[] => [
  step('000002', '_take-sandbox', 'control', 0),
  step('000008', 'profile', 'node', 400, { ended_at: at(1_400) }),
  step('000010', '_profile.table', 'table', 400, { parent_id: '000008', detail: 'customers' }),
  step('000011', '_profile.table', 'table', 500, { parent_id: '000008', detail: 'orders', status: 'failed' }),
  step('000030', 'cataloging', 'node', 1_500, running),
  step('000030.000004', 'Call model', 'turn', 1_600, { parent_id: '000030', tokens: 12_345, dollars: 0.05 }),
  step('000030.000010', 'execute_sql', 'tool', 2_100, {
    parent_id: '000030',
    detail: 'SELECT count(*)\n  FROM orders',
    ...running,
  }),
];

/** The same run once it has ended well, with both reports. */
export const endedRun = (changes: Partial<RunView> = {}): RunView =>
  sampleRun({
    status: 'succeeded',
    ended_at: at(9_000),
    reports: ['cataloging', 'summary'].map((agent) => ({
      agent,
      html_key: `reports/ecommerce/2026-01-31T12-00-00.000Z/${agent}.html`,
      json_key: `reports/ecommerce/2026-01-31T12-00-00.000Z/${agent}.json`,
    })),
    ...changes,
  });

/** What a fake service was asked, and the runs it tells of: each look at the run takes the next of `views`, the last stays. */
export type FakeService = {
  readonly server: HttpServer;
  readonly home: string;
  readonly configHome: string;
  readonly requests: CatalogRequest[];
  readonly env: NodeJS.ProcessEnv;
  views: RunView[];
  findings: FindingPage[];
  steps: readonly Step[];
  close(): Promise<void>;
};

/** A service that speaks the contract over real HTTP, found as the real one is: by its state file and its API key. */
export const fakeService = async (): Promise<FakeService> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-cli-'));
  const home = join(folder, 'home');
  const configHome = join(folder, 'config');
  mkdirSync(home);
  const apiKey = readOrMakeApiKey(join(configHome, 'surveyor', 'api-key'));
  const requests: CatalogRequest[] = [];

  const answer = (status: number, body: unknown): APIGatewayProxyResult => ({
    statusCode: status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const guarded =
    (respond: (event: APIGatewayProxyEvent) => APIGatewayProxyResult) => async (event: APIGatewayProxyEvent) => {
      try {
        if (event.headers['authorization'] !== `Bearer ${apiKey}`)
          throw new Failure('UNAUTHENTICATED', 'Send the key.');
        return respond(event);
      } catch (error) {
        const { path, requestContext } = event;
        const request = { path, requestId: requestContext.requestId, log: silentLog, now: new Date() };
        return problemResult(error, { ...request, isStranger: false });
      }
    };
  const view = (event: APIGatewayProxyEvent): RunView => {
    const next = fake.views.length > 1 ? fake.views.shift() : fake.views[0];
    if (next === undefined || event.pathParameters?.['id'] !== runId)
      throw new Failure('NOT_FOUND', 'There is no such run.', { where: 'path.id', advice: { kind: 'see_runs' } });
    return next;
  };
  const handlers = routeHandlers({
    'check-health': async () =>
      answer(200, { status: 'ok', version: '0.1.0', platform: 'local', analyst: 'deterministic' }),
    'create-catalog': guarded((event) => {
      requests.push(CatalogRequest.parse(JSON.parse(event.body ?? '')));
      return answer(202, { run_id: runId, status_url: `/runs/${runId}` });
    }),
    'list-findings': guarded((event) => {
      const cursor = Number(event.queryStringParameters?.['cursor'] ?? 0);
      const page = fake.findings[cursor];
      if (page === undefined)
        throw new Failure('NOT_FOUND', 'It has not looked for findings yet.', { where: 'path.id' });
      const next = cursor + 1 < fake.findings.length ? { next_cursor: String(cursor + 1) } : {};
      return answer(200, { ...page, ...next });
    }),
    'list-runs': guarded(() =>
      answer(200, { runs: fake.views.map(({ agents: _agents, totals: _totals, ...run }) => run) }),
    ),
    'get-run': guarded((event) => answer(200, view(event))),
    'list-steps': guarded(() => answer(200, { steps: fake.steps })),
  });
  const claim = claimHome(home, new Date(at(0)));
  const server = await serveHttp({ port: 0, handlers, apiKey, origins: [], log: silentLog, secret: claim.secret });
  claim.publish(server.port);

  const fake: FakeService = {
    server,
    home,
    configHome,
    requests,
    env: { PATH: process.env['PATH'], HOME: folder, SURVEYOR_HOME: home, XDG_CONFIG_HOME: configHome, NO_COLOR: '1' },
    views: [sampleRun()],
    findings: [],
    steps: sampleSteps(),
    close: async () => {
      await server.stop();
      claim.release();
      rmSync(folder, { recursive: true });
    },
  };
  return fake;
};
