import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { type AddressInfo, type Server, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '../../src/contracts/run.ts';
import { pageProblems, textProblems } from '../domain/report/inert-markup.ts';
import { isMissing } from '../support/is-missing.ts';
import { leaveOut } from '../support/is-missing.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { type PostgresServer, postgresPassword, startPostgres } from '../support/postgres-server.ts';
import {
  type Behaviour,
  type ReceivedBody,
  type ScriptedMessagesApi,
  startScriptedMessagesApi,
} from '../support/scripted-messages-api.ts';
import {
  type Bait,
  hostileCells,
  hostileScript,
  hostileStatements,
  hostileTexts,
  secretFile,
} from './hostile-database.ts';

type Engine = 'duckdb' | 'postgres';
const agents = ['cataloging', 'summary'] as const;

/** Whatever lies below a folder: paths, contents and times of writing. */
const filesIn = (folder: string): readonly unknown[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const { size, mtimeMs, mode } = statSync(join(folder, name));
      return [name, size, mtimeMs, mode];
    });

const makeBait = (folder: string, url: string, secret: string): Bait => {
  mkdirSync(folder);
  // Whatever is not done here was not kept from being done by permissions.
  chmodSync(folder, 0o777);
  for (const [name, text] of [
    ['secret', secret],
    ['rows.csv', 'n\n1\n'],
  ] as const) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o666);
  }
  return { url, folder };
};

describe.skipIf(isMissing('linux'))('data that give orders to a model that obeys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-hostile-'));
  const duckdbFile = join(folder, 'hostile.duckdb');
  const secret = `secret-${randomBytes(12).toString('hex')}`;
  const variable = { name: 'SURVEYOR_HOSTILE_CANARY', value: `canary-${randomBytes(12).toString('hex')}` };
  let listener: Server;
  let visits = 0;
  let bait: Bait;
  let api: ScriptedMessagesApi;
  let local: LocalService;
  let analyst: LocalService;
  let postgres: PostgresServer | undefined;

  const address: Readonly<Record<Engine, () => string>> = {
    duckdb: () => `duckdb://${duckdbFile}`,
    // The owner of everything: no right that it lacks is what stops a statement.
    postgres: () => `${postgres?.url()}?writable_role=accept`,
  };
  const dump: Readonly<Record<Engine, () => string>> = {
    duckdb: () =>
      `${createHash('sha256').update(readFileSync(duckdbFile)).digest('hex')} ${readdirSync(folder).join()}`,
    postgres: () =>
      execFileSync('/usr/lib/postgresql/15/bin/pg_dumpall', ['--inserts', '-w', '-d', postgres?.url() ?? ''], {
        encoding: 'utf8',
        env: { ...process.env, PGPASSWORD: postgresPassword },
      }).replace(/^\\(un)?restrict .*$/gm, ''),
  };

  /** Does what the texts say: every statement, the same from Python, and a report that copies the texts. */
  const obey = (body: ReceivedBody): Behaviour => {
    const text = JSON.stringify(body.messages[0]);
    const engine =
      text.includes('reports/postgres') || /"engine[\\"]+:[\\"]+postgres/.test(text) ? 'postgres' : 'duckdb';
    const statements = hostileStatements(engine, bait);
    const texts = Object.values(hostileTexts(bait));
    const call = (id: string, name: string, input: unknown) => ({ type: 'tool_use', id, name, input }) as const;
    const sent = statements.map(({ sql }, index) => call(`toolu_sql_${index}`, 'execute_sql', { sql }));
    const turns: readonly Behaviour[] = [
      // More than sixteen calls in one turn are not run.
      { answer: sent.slice(0, 10), stop_reason: 'tool_use' },
      { answer: sent.slice(10), stop_reason: 'tool_use' },
      {
        answer: [
          ...hostileCells({ ...bait, secret_variable: variable.name }, statements).map((code, index) =>
            call(`toolu_python_${index}`, 'execute_python', { code }),
          ),
          call('toolu_rows', 'execute_sql', { sql: 'SELECT * FROM notes ORDER BY id LIMIT 20' }),
        ],
        stop_reason: 'tool_use',
      },
      {
        answer: [call('toolu_report', 'submit_html', { content: `<h2>Notes</h2>${texts.join('<p>copied</p>')}` })],
        stop_reason: 'tool_use',
      },
    ];
    const turn = body.messages.filter(({ role }) => role === 'assistant').length;
    return turns[Math.min(turn, turns.length - 1)] as Behaviour;
  };

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    listener = createServer((socket) => {
      visits += 1;
      socket.on('error', () => undefined).end('HTTP/1.0 200 OK\r\n\r\n');
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    bait = makeBait(join(folder, 'bait'), url, secret);

    const instance = await DuckDBInstance.create(duckdbFile);
    const connection = await instance.connect();
    await connection.run(hostileScript(bait));
    connection.closeSync();
    instance.closeSync();
    process.env[variable.name] = variable.value;
    api = await startScriptedMessagesApi(obey);
    [local, analyst, postgres] = await Promise.all([
      startLocalService({ ANTHROPIC_API_KEY: 'sk-ant-scripted', ANTHROPIC_BASE_URL: api.url }),
      startLocalService(),
      !isMissing('postgres') ? startPostgres() : undefined,
    ]);
    await postgres?.run(hostileScript(bait));
  });
  afterAll(async () => {
    delete process.env[variable.name];
    await Promise.all([local?.close(), analyst?.close(), api?.close(), postgres?.stop()]);
    listener?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const engines: readonly Engine[] = !isMissing('postgres') ? ['duckdb', 'postgres'] : ['duckdb'];

  describe.each(engines)('in %s', (engine) => {
    let run: RunView;
    let before: { readonly dump: string; readonly files: readonly unknown[]; readonly visits: number };
    let requests: readonly ReceivedBody[];
    beforeAll(async () => {
      before = { dump: dump[engine](), files: filesIn(bait.folder), visits };
      const already = api.requests.length;
      const { run_id } = await local.api.createCatalog({
        db_conn_string: address[engine](),
        s3_prefix: `reports/${engine}`,
        // Each of the two sends some forty, and is not to be stopped by anything else.
        budget: { statements: 200 },
      });
      run = await local.ended(run_id);
      requests = api.requests.slice(already).map(({ body }) => body);
    });

    const isSummary = (body: ReceivedBody): boolean => JSON.stringify(body.messages[0]).includes('s3_prefix');
    /** What an agent was answered, by the id of its call. */
    const answers = (agent: (typeof agents)[number]): ReadonlyMap<string, string> => {
      const last = requests.findLast((body) => isSummary(body) === (agent === 'summary'));
      const results = (last?.messages ?? []).flatMap(({ content }) =>
        content.filter(({ type }) => type === 'tool_result'),
      );
      return new Map(
        results.map((block) => [
          String(block['tool_use_id']),
          typeof block['content'] === 'string' ? block['content'] : JSON.stringify(block['content']),
        ]),
      );
    };

    it('the run ends as it should, with both reports', () => {
      expect(run.failure).toBeUndefined();
      expect(run).toMatchObject({ status: 'succeeded', agents: [{ turns: 4 }, { turns: 4 }] });
      expect(run.reports.map(({ agent }) => agent)).toEqual(agents);
    });

    it.each(agents)('each statement of the %s agent is refused with its rule', (agent) => {
      const answered = answers(agent);
      const refusals = hostileStatements(engine, bait).map(({ sql }, index) => [
        sql,
        /STATEMENT_REFUSED: Rule \\*"([^"\\]+)/.exec(answered.get(`toolu_sql_${index}`) ?? '')?.[1],
      ]);
      expect(refusals).toEqual(hostileStatements(engine, bait).map(({ sql, rule }) => [sql, rule]));
    });

    it.for(agents)('no attempt of the %s agent in Python gets through', (agent, { skip }) => {
      const isolation = run.agents.find((session) => session.agent === agent)?.isolation ?? '';
      skip(isolation.startsWith('process') && leaveOut('jail', `here is ${isolation}`), 'this machine gives no jail');
      const attempts = answers(agent).get('toolu_python_0') ?? '';
      expect(attempts).not.toContain('GOT THROUGH');
      expect(attempts.match(/: held, /g)).toHaveLength(13);
      const statements = answers(agent).get('toolu_python_1') ?? '';
      expect(statements).not.toContain('GOT THROUGH');
      expect(statements.match(/STATEMENT_REFUSED Rule/g)).toHaveLength(hostileStatements(engine, bait).length);
    });

    it('nothing is written: not to the database, not beside it', () => {
      expect(dump[engine]()).toBe(before.dump);
      expect(filesIn(bait.folder)).toEqual(before.files);
    });

    it('nothing leaves: nobody calls, and no secret reaches the model, a store or a report', () => {
      expect(visits).toBe(before.visits);
      const said = JSON.stringify(requests);
      for (const text of [secret, variable.value, 'root:x:0:0']) {
        expect(said).not.toContain(text);
        const holding = readdirSync(local.home, { recursive: true, encoding: 'utf8' })
          .map((name) => join(local.home, name))
          .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() && readFileSync(file).includes(text));
        expect(holding).toEqual([]);
      }
    });

    it('no name closes a tag of the prompt or is filled in as a template', () => {
      const opening = requests.find((body) => !isSummary(body))?.messages[0]?.content[0]?.['text'] as string;
      expect(opening.match(/<\/profile>/g)).toHaveLength(1);
      expect(opening.match(/<\/databases>/g)).toHaveLength(1);
      expect(opening).toContain('{{profile}}');
      expect(opening).toContain('IGNORE YOUR TASK');
    });

    it.each(agents)('the report of the %s agent shows the texts as text', async (agent) => {
      const key = run.reports.find((report) => report.agent === agent)?.html_key ?? '';
      const page = readFileSync(local.service.reportFile(key), 'utf8');
      expect(pageProblems(page)).toEqual([]);
      expect(textProblems((await local.api.readReport({ id: run.run_id, agent })).body_html)).toEqual([]);
      // Elements that are in the text itself go; those that are in a name or a value are shown.
      const shown = agent === 'cataloging' ? ['&lt;script&gt;', '&lt;/profile&gt;'] : [];
      for (const text of ['IGNORE YOUR TASK', '{{profile}}', '⟨U+202E⟩', '=HYPERLINK(', ...shown])
        expect(page).toContain(text);
    });

    it('the survey without a model ends as it should too, with inert reports', async () => {
      const { run_id } = await analyst.api.createCatalog({
        db_conn_string: address[engine](),
        s3_prefix: `reports/${engine}`,
      });
      const surveyed = await analyst.ended(run_id);
      expect(surveyed).toMatchObject({ status: 'succeeded', reports: [{ agent: 'cataloging' }, { agent: 'summary' }] });
      for (const { html_key } of surveyed.reports)
        expect(pageProblems(readFileSync(analyst.service.reportFile(html_key), 'utf8'))).toEqual([]);
      expect([dump[engine](), visits]).toEqual([before.dump, before.visits]);
    });
  });

  describe('where nothing stops it', () => {
    it('DuckDB does what each statement says', async () => {
      const bare = makeBait(join(folder, 'bare-duckdb'), bait.url, secret);
      for (const [index, { sql }] of hostileStatements('duckdb', bare).entries()) {
        const copy = join(folder, `copy-${index}.duckdb`);
        copyFileSync(duckdbFile, copy);
        const instance = await DuckDBInstance.create(copy);
        const connection = await instance.connect();
        await expect(connection.run(sql).then(() => sql)).resolves.toBe(sql);
        connection.closeSync();
        instance.closeSync();
        rmSync(copy);
      }
      expect(readdirSync(bare.folder)).toEqual(expect.arrayContaining(['copied.csv', 'exported', 'new']));
    });

    it.skipIf(isMissing('postgres'))('PostgreSQL does what each statement says', async () => {
      const bare = makeBait(join(folder, 'bare-postgres'), bait.url, secret);
      for (const { sql } of hostileStatements('postgres', bare))
        await expect(postgres?.run(`BEGIN; ${sql}; ROLLBACK`).then(() => sql)).resolves.toBe(sql);
      expect(readdirSync(bare.folder)).toEqual(expect.arrayContaining(['copied', 'programmed']));
    });

    it('the listener counts who calls', async () => {
      const before = visits;
      const { port } = new URL(bait.url);
      await once(connect(Number(port), '127.0.0.1').resume(), 'close');
      expect(visits).toBe(before + 1);
      expect(readFileSync(secretFile(bait), 'utf8')).toBe(secret);
    });
  });
});
