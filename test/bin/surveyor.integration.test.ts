import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failures } from '../../src/contracts/failure.ts';
import type { FailureKind } from '../../src/contracts/failure.ts';
import type { FindingPage } from '../../src/contracts/finding-page.ts';
import { type Outcome, outcomes } from '../../src/contracts/outcome.ts';
import type { RunTotals } from '../../src/contracts/run-totals.ts';
import type { RunStatus } from '../../src/contracts/run.ts';
import { findingsText } from '../../bin/commands/findings.ts';
import { columns } from '../../bin/progress/fit-text.ts';
import { finding } from '../domain/drift/surveys.ts';
import type { RunSummary } from '../../src/contracts/run.ts';
import { surveyIdOr } from '../../bin/commands/run.ts';
import { endedRun, fakeService, runId, sampleRun } from './fake-service.ts';
import type { FakeService } from './fake-service.ts';

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

const start = (env: NodeJS.ProcessEnv, args: readonly string[], cwd = process.cwd()): ChildProcess =>
  spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(process.cwd(), 'bin', 'surveyor.ts'), ...args],
    {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );

const ended = (child: ChildProcess): Promise<Ended> =>
  new Promise((resolve) => {
    let [stdout, stderr] = ['', ''];
    child.stdout?.on('data', (data) => (stdout += String(data)));
    child.stderr?.on('data', (data) => (stderr += String(data)));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });

const noTotals: RunTotals = { findings: { high: 0, medium: 0, low: 0 }, drift: 0, gaps: 0, tables_not_asked: 0 };

let service: FakeService;
beforeEach(async () => {
  service = await fakeService();
});
afterEach(() => service.close());

const surveyor = (...args: readonly string[]): Promise<Ended> => ended(start(service.env, args));
const json = (text: string) => JSON.parse(text) as Record<string, unknown>;

describe('the command line, when it is asked wrongly', () => {
  it.each(['start', 'up', 'down', 'seed', 'catalog', 'runs', 'run', 'report', 'findings', 'connections'])(
    'explains %s with examples',
    async (command) => {
      const { code, stdout } = await surveyor(command, '--help');
      expect(code).toBe(0);
      expect(stdout).toMatch(
        new RegExp(`^Usage: \\./surveyor ${command}[^]*--json[^]*Examples:\n  (\\./surveyor ${command}|npm start)`),
      );
    },
  );

  it('shows its help where nothing was said', async () => {
    expect(await surveyor()).toMatchObject({ code: 0, stdout: expect.stringContaining('Commands:'), stderr: '' });
  });

  it.each([
    [['rnus'], 2, /unknown command 'rnus'[^]*Did you mean runs\?/],
    [['runs', '--limt', '3'], 2, /unknown option '--limt'[^]*Did you mean --limit\?/],
    [['runs', '--limit', 'many'], 2, /'many' is invalid\. Give a whole number/],
    [['catalog'], 2, /missing required argument 'database'/],
    [['catalog', 'ecommerce', '--budget-dollars', '-1'], 2, /Give a number above 0/],
    [['catalog', 'ecomerce'], 4, /no sample dataset "ecomerce"\. Did you mean ecommerce\?/],
    [['catalog', './nowhere.duckdb'], 2, /There is no file or folder \/.*nowhere\.duckdb/],
    [['catalog', 'ecommerce', '--prefix', '../up'], 2, /--prefix "\.\.\/up": path segments/],
    [['catalog', 'ecommerce', '--tables', 'a,a'], 2, /--tables "a,a": a table is named twice/],
    [['seed', 'sensor'], 4, /Did you mean sensors\?/],
    [['run', '01JD3Y6M9Q4T8V2X5Z7B1C3D4F'], 4, /There is no such run/],
    [['run', '01JD'], 2, /"01JD" is no run id[^]*\.\/surveyor runs/],
    [['report', runId, 'sumary'], 4, /no report by "sumary"\. Did you mean summary\?/],
  ])('%j ends with %i and says what is wrong', async (args, exitCode, message) => {
    service.views = [endedRun()];
    const { code, stdout, stderr } = await surveyor(...args);
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
    expect(stderr).toMatch(message);
    expect(service.requests).toEqual([]);
  });

  it('prints a failure as data with --json, also one of its own words', async () => {
    const wrong = await surveyor('rnus', '--json');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(json(wrong.stderr)).toMatchObject({ failure: { kind: 'INVALID_REQUEST' } });
    const missing = await surveyor('--json', 'run', '01JD3Y6M9Q4T8V2X5Z7B1C3D4F');
    expect(json(missing.stderr)).toEqual({
      failure: {
        kind: 'NOT_FOUND',
        message: 'There is no such run. See which there are: ./surveyor runs',
        where: 'path.id',
        advice: { kind: 'see_runs' },
      },
    });
  });

  it('names a wrong setting', async () => {
    const { code, stderr } = await ended(start({ ...service.env, SURVEYOR_PORT: 'x' }, ['runs']));
    expect(code).toBe(failures.SETTING_INVALID.exit_code);
    expect(stderr).toMatch(/SETTING_INVALID[^]*SURVEYOR_PORT is not a port[^]*where: SURVEYOR_PORT/);
  });
});

describe('surveyor catalog, with a service that runs', () => {
  it('starts a run and says how to follow it', async () => {
    const { code, stdout } = await surveyor(
      ...'catalog ecommerce --prefix a/b --budget-dollars 0.5 --budget-turns 7 --tables'.split(' '),
      'orders, customers',
    );
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `Run ${runId} has begun. Follow it: ./surveyor run ${runId} --watch\n`,
    });
    expect(service.requests).toEqual([
      { dataset: 'ecommerce', tables: ['orders', 'customers'], s3_prefix: 'a/b', budget: { dollars: 0.5, turns: 7 } },
    ]);
  });

  it('takes a path from where the person is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'surveyor cwd-'));
    mkdirSync(join(folder, 'my exports'));
    writeFileSync(join(folder, 'my exports', 'a.csv'), 'x\n1\n');
    await ended(start(service.env, ['catalog', 'my exports'], folder));
    rmSync(folder, { recursive: true });
    expect(service.requests).toEqual([
      {
        db_conn_string: `file://${folder.replaceAll(' ', '%20')}/my%20exports`,
        s3_prefix: 'reports/my-exports',
      },
    ]);
  });

  it('follows it line by line to its end, and says where the reports are', async () => {
    service.views = [sampleRun(), sampleRun(), endedRun()];
    const { code, stdout, stderr } = await surveyor('catalog', 'ecommerce', '--watch');
    expect(code).toBe(0);
    expect(stderr).toContain('Surveying ecommerce → reports/ecommerce\n');
    expect(stderr).toContain('    2.1 s  cataloging › execute_sql: SELECT count(*) FROM orders\n');
    expect(stdout).toContain(`Run ${runId} succeeded\n`);
    expect(stdout).toContain(
      join(service.home, 'objects', 'local', 'reports/ecommerce/2026-01-31T12-00-00.000Z/summary.html'),
    );
    const link = /http:\S+/.exec(stdout)?.[0] ?? '';
    const opened = await fetch(link, { redirect: 'manual' });
    expect(opened.headers.get('location')).toBe(`/runs/${runId}/reports/cataloging`);
  });

  it('gives all of it as data with --json, and no remarks', async () => {
    service.views = [sampleRun(), endedRun()];
    const { code, stdout, stderr } = await surveyor('catalog', 'ecommerce', '--watch', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(json(stdout)).toMatchObject({
      run: { run_id: runId, status: 'succeeded' },
      reports: [
        {
          agent: 'cataloging',
          html_file: expect.stringMatching(/cataloging\.html$/),
          url: expect.stringMatching(/^http:/),
        },
        {},
      ],
    });
  });

  it.each<[RunStatus, FailureKind | undefined, FailureKind]>([
    ['failed', 'DATABASE_UNREACHABLE', 'DATABASE_UNREACHABLE'],
    ['failed', 'TABLE_NOT_FOUND', 'TABLE_NOT_FOUND'],
    ['budget_exceeded', undefined, 'BUDGET_EXCEEDED'],
    ['timed_out', undefined, 'RUN_TIMED_OUT'],
    ['cancelled', undefined, 'RUN_CANCELLED'],
    ['interrupted', undefined, 'RUN_INTERRUPTED'],
    ['failed', undefined, 'INTERNAL'],
  ])('ends as a run that %s (%s) does: %s', async (status, kind, expected) => {
    const failure = kind === undefined ? undefined : { kind, message: 'This is why.', where: 'here' };
    service.views = [endedRun({ status, reports: [], ...(failure && { failure }) })];
    const { code, stderr } = await surveyor('catalog', 'ecommerce', '--watch', '--json');
    expect(code).toBe(failures[expected].exit_code);
    expect(json(stderr)).toEqual({
      failure: {
        kind: expected,
        message: `Run ${runId} ended as ${status}. ${failure?.message ?? 'The run left no reason; its steps tell more.'}`,
        where: failure?.where,
      },
    });
  });

  it.each<[Partial<RunTotals>, string[], Outcome, RegExp]>([
    [{}, [], 'succeeded', /succeeded: no findings$/m],
    [{ findings: { high: 1, medium: 0, low: 2 } }, [], 'succeeded', /: 3 findings \(1 high, 2 low\)$/m],
    [{ findings: { high: 1, medium: 0, low: 2 } }, ['--fail-on', 'medium'], 'findings', /3 findings/],
    [
      { drift: 2, tables_not_asked: 4 },
      ['--fail-on', 'high,drift'],
      'drift',
      /2 changes in the data; 4 tables not asked/,
    ],
    [{ gaps: 2 }, ['--fail-on', 'high'], 'succeeded_with_gaps', /2 things .* were not looked at\. .*findings \w{26}$/m],
  ])('ends with the outcome of a survey of %j, with %j: %s', async (totals, options, outcome, text) => {
    service.views = [sampleRun(), endedRun({ totals: { ...noTotals, ...totals } })];
    const plain = await surveyor('catalog', 'ecommerce', '--watch', ...options);
    expect({ code: plain.code, stdout: plain.stdout }).toEqual({
      code: outcomes[outcome].exit_code,
      stdout: expect.stringMatching(text) as string,
    });
    const data = await surveyor('run', '--watch', '--json', ...options);
    expect(data.code).toBe(outcomes[outcome].exit_code);
    expect(json(data.stdout)).toMatchObject({ outcome, run: { totals } });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at %s at once where an API does not answer', async (signal, code) => {
    const silent = createServer(() => child.kill(signal));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const child = start({ ...service.env, SURVEYOR_API_URL: url, SURVEYOR_API_KEY: 'sk' }, ['runs']);
    const begun = await ended(child);
    silent.closeAllConnections();
    silent.close();
    expect(begun).toMatchObject({ code, stdout: '', stderr: expect.stringContaining('Stopped before') });
  });

  it('stops watching at Ctrl-C, and leaves the run alone', async () => {
    const child = start(service.env, ['catalog', 'ecommerce', '--watch']);
    child.stderr?.once('data', () => child.kill('SIGINT'));
    const { code, stderr } = await ended(child);
    expect(code).toBe(130);
    expect(stderr).toContain(`The run goes on in the service: ./surveyor run ${runId} --watch`);
  });

  it('says so when the service goes away meanwhile', async () => {
    const child = start(service.env, ['catalog', 'ecommerce', '--watch']);
    child.stderr?.once('data', () => void service.server.stop());
    const { code, stderr } = await ended(child);
    expect(code).toBe(failures.SERVICE_UNREACHABLE.exit_code);
    expect(stderr).toContain('./surveyor up');
  });
});

describe('surveyor findings', () => {
  const page = (from: number, to: number, more: Partial<FindingPage> = {}): FindingPage => ({
    run_id: runId,
    status: 'succeeded',
    totals: { ...noTotals, findings: { high: 0, medium: 4, low: 0 }, gaps: 1 },
    matching: 4,
    findings: Array.from({ length: to - from }, (_, index) => finding('blank', 'orders', [`c${from + index}`], 1_000)),
    ...more,
  });
  const gap = { source: 'main', table: 'wide', rule: 'orphan', reason: 'time', detail: 'No time was left.' } as const;

  it('lists all pages as data, by their keys, and judges only where it is asked', async () => {
    service.views = [endedRun()];
    service.findings = [page(0, 2, { not_looked_at: [gap] }), page(2, 4)];
    const { code, stdout } = await surveyor('findings', '--json');
    expect(code).toBe(0);
    const listed = json(stdout) as FindingPage;
    expect(listed.findings.map(({ key }) => key)).toEqual([0, 1, 2, 3].map((at) => `blank/main/orders/c${at}`));
    expect(listed).toMatchObject({ not_looked_at: [gap], totals: { gaps: 1 } });
    expect(listed).not.toHaveProperty('next_cursor');
    expect((await surveyor('findings', '--fail-on', 'medium')).code).toBe(outcomes.findings.exit_code);
    expect((await surveyor('findings', '--fail-on', 'high')).code).toBe(outcomes.succeeded_with_gaps.exit_code);
  });

  it('judges what it lists, not what its filters leave out', async () => {
    service.views = [endedRun()];
    service.findings = [page(0, 0, { matching: 0, not_looked_at: [] })];
    expect((await surveyor('findings', '--rule', 'orphan', '--fail-on', 'medium')).code).toBe(0);
    service.findings = [page(0, 1, { matching: 1, not_looked_at: [] })];
    expect((await surveyor('findings', '--rule', 'blank', '--fail-on', 'medium')).code).toBe(62);
  });

  it('is of the newest run that has reports, and says so where that is not the newest', async () => {
    const { agents: _agents, ...survey } = endedRun();
    const test = { ...survey, run_id: '01KAJ4T3N8Y6Q2W7R5V9X0Z1AB', reports: [] };
    const notes: string[] = [];
    const idOf = (runs: readonly RunSummary[]) =>
      surveyIdOr(
        undefined,
        { listRuns: ({ limit = 1 } = {}) => Promise.resolve({ runs: runs.slice(0, limit) }) },
        (note) => notes.push(note),
      );
    expect(await idOf([survey, test])).toBe(survey.run_id);
    expect(notes).toEqual([]);
    expect(await idOf([test, survey])).toBe(survey.run_id);
    expect(notes).toEqual([`This is run ${survey.run_id}, the newest one with reports; newer runs have none.`]);
    expect(await idOf([test])).toBe(test.run_id);
  });

  it('is compared with one survey, or with those up to it', () => {
    const since = { run_id: runId, at: '2026-01-30T12:00:00.000Z' };
    const [one] = page(0, 1).findings;
    const text = (run_id: string) =>
      findingsText(
        page(0, 0, { since, findings: [{ ...one!, change: { state: 'unchanged', since: { ...since, run_id } } }] }),
        Infinity,
      );
    expect(text(runId)).toContain('Compared with the survey of 2026-01-30 12:00');
    expect(text('01KAJ4T3N8Y6Q2W7R5V9X0Z1AB')).toContain('Compared with the surveys up to 2026-01-30 12:00');
  });

  it('is a table, with what was not looked at below', async () => {
    service.views = [endedRun()];
    const change = { state: 'grown', before: 999, since: { run_id: runId, at: '2026-01-30T12:00:00.000Z' } } as const;
    const [one] = page(0, 1).findings;
    const asked = { source: 'main', table: 'left', reason: 'not_asked', detail: 'left was not asked for.' } as const;
    const alone = { ...asked, table: 'right', rule: 'orphan', other_table: 'left', detail: 'orphan of right.l: left.' };
    service.findings = [page(0, 0, { findings: [{ ...one!, change }], not_looked_at: [gap, asked, alone] })];
    const { stdout } = await surveyor('findings', '--severity', 'low');
    expect(stdout.split('\n')).toEqual([
      'SEVERITY   ROWS  OF  CHANGE          WHERE      FINDING          KEY',
      'medium    1,000      grown from 999  orders.c0  blank in orders  blank/main/orders/c0',
      '',
      'Not looked at:',
      '  wide (orphan): No time was left.',
      '  orphan of right.l: left.',
      '  not asked for: 1 more table',
      '',
      `Run ${runId} (succeeded): 4 findings (4 medium)`,
      '1 thing that was asked for was not looked at: there may be findings that nobody has looked for.',
      '',
    ]);
  });

  it('fits the width of a terminal, whatever names hold', () => {
    const evil = finding('blank', `x${'\u001b[2J'.repeat(9)}`, ['c'], 12, { title: 'very long words '.repeat(20) });
    const text = findingsText(page(0, 3, { findings: [evil, ...page(0, 2).findings], not_looked_at: [gap] }), 80);
    const [head, ...rows] = text.split('\n').slice(0, 4);
    for (const line of [head, ...rows]) expect(columns(line!)).toBeLessThanOrEqual(80);
    expect(rows.every((row) => row.includes('blank/'))).toBe(true);
    expect(text).not.toContain('\u001b');
  });

  it('fails, rather than to show nothing, where nobody has looked', async () => {
    service.views = [endedRun()];
    expect(await surveyor('findings')).toMatchObject({ code: failures.NOT_FOUND.exit_code, stdout: '' });
    expect(await surveyor('findings', '--fail-on', 'awful')).toMatchObject({ code: 2, stdout: '' });
  });

  it('is explained with every outcome and its exit code', async () => {
    const { stdout } = await surveyor('--help');
    for (const [name, { exit_code }] of Object.entries(outcomes))
      expect(stdout).toMatch(new RegExp(`${exit_code}  ${name}: `));
  });
});

describe('surveyor runs, run and report', () => {
  it('list the runs as a table and as data', async () => {
    service.views = [
      endedRun(),
      sampleRun({
        sources: [{ name: 'main', kind: 'inline', label: 'duckdb:///x\u001b[2J.duckdb', engine: 'duckdb' }],
      }),
    ];
    const { stdout } = await surveyor('runs');
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['RUN', 'STATUS', 'SOURCE', 'PREFIX', 'STARTED (UTC)', 'TOOK'],
      [runId, 'succeeded', 'ecommerce', 'reports/ecommerce', '2026-01-31 12:00:00', '9.0 s'],
      [runId, 'running', 'duckdb:///x [2J.duckdb', 'reports/ecommerce', '2026-01-31 12:00:00'],
      [''],
    ]);
    expect(json((await surveyor('runs', '--json')).stdout)).toMatchObject({
      runs: [{ status: 'succeeded' }, { status: 'running' }],
    });
  });

  it('list which schedule started a run, where one did', async () => {
    service.views = [endedRun(), { ...endedRun(), trigger: { kind: 'schedule', id: 'nightly' } }];
    const lines = (await surveyor('runs')).stdout.split('\n');
    expect(lines[0]?.split(/ {2,}/)).toContain('SCHEDULE');
    expect(lines[2]).toContain('nightly');
  });

  it('end quietly where nobody reads to the end', async () => {
    service.views = Array.from({ length: 90 }, () => endedRun());
    const child = start(service.env, ['runs', '--json']);
    child.stdout?.destroy();
    expect(await ended(child)).toMatchObject({ code: 0, stderr: '' });
  });

  it('say how to get a first run', async () => {
    service.views = [];
    expect((await surveyor('runs')).stdout).toContain('./surveyor catalog ecommerce');
    expect(await surveyor('report')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('./surveyor catalog ecommerce'),
    });
  });

  it('show a run, in small letters too, and the newest one where none is named', async () => {
    service.views = [endedRun()];
    const named = await surveyor('run', runId.toLowerCase());
    expect(named.stdout).toMatch(/^Run \w{26} succeeded\nSurveying ecommerce/);
    expect(named.stdout).toMatch(/cataloging +running +claude-sonnet-5-5 +3 +4 +42,334 +\$0\.1234/);
    // What still runs has taken longer by the second time; a code opens one link once.
    const lasting = (text: string) => text.replaceAll(/code=\S+|\d+ h \d+ min/g, '');
    expect(lasting((await surveyor('run')).stdout)).toBe(lasting(named.stdout));
  });

  it('say where one report is, with a link that opens it', async () => {
    service.views = [endedRun()];
    const { stdout } = await surveyor('report', runId, 'summary', '--json').then(() =>
      surveyor('report', runId, 'summary'),
    );
    expect(stdout).toMatch(/^ {2}summary {2}\/\S+summary\.html\n +http:\/\/127\.0\.0\.1:\d+\/session\?code=\S+\n$/);
  });
});

describe('surveyor seed', () => {
  it('makes a dataset once, and the same bytes', async () => {
    const first = json((await surveyor('seed', 'support', '--json')).stdout) as {
      datasets: { path: string; written: string[] }[];
    };
    expect(first.datasets).toMatchObject([{ name: 'support', written: [expect.stringMatching(/\.csv$/)] }]);
    const { path, written } = first.datasets[0]!;
    const bytes = readFileSync(join(path, written[0]!));
    const second = await surveyor('seed', 'support');
    expect(second.stdout).toMatch(/^support +6,417 rows +1 table +was there/);
    rmSync(path, { recursive: true });
    expect((await surveyor('seed', 'support')).stdout).toContain('1 file written');
    expect(readFileSync(join(path, written[0]!)).equals(bytes)).toBe(true);
  });
});
