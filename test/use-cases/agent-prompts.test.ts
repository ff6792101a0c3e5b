import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { claudeModel } from '../../src/adapters/claude-model.ts';
import { parsePrompt } from '../../src/adapters/prompt-files.ts';
import { promptHash } from '../../src/adapters/prompt-hash.ts';
import { promptObjects } from '../../src/adapters/prompt-objects.ts';
import { promptsInForce } from '../../src/adapters/prompts-in-force.ts';
import { folderPrompts, memoryObjects } from '../support/memory-prompts.ts';
import type { Run } from '../../src/contracts/run.ts';
import { type LoopBench, emptyProfile, makeLoop, plainPrompt, tenant } from '../support/agent-loop.ts';
import { inProcessSandbox } from '../support/in-process-sandbox.ts';
import type { ReceivedBody } from '../support/messages-api-request.ts';
import { startScriptedMessagesApi } from '../support/scripted-messages-api.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'surveyor-prompts-'));
  cpSync(join(import.meta.dirname, '../../prompts'), dir, { recursive: true });
  closers.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

/** Runs an agent on the prompts of a folder: what it was told, and its session. */
const run = async (
  dir: string,
  agent: string,
  options: {
    readonly env?: Record<string, string>;
    readonly before?: (bench: LoopBench) => Promise<void>;
    readonly drift?: Parameters<typeof makeLoop>[0]['drift'];
  } = {},
) => {
  const api = await startScriptedMessagesApi([
    {
      answer: [{ type: 'tool_use', id: 's', name: 'submit_html', input: { content: '<p>Done.</p>' } }],
      stop_reason: 'tool_use',
    },
  ]);
  const sandbox = await inProcessSandbox();
  const bench = await makeLoop({
    model: claudeModel({ apiKey: 'sk-test', baseUrl: api.url }),
    sandbox,
    prompts: folderPrompts({ dir, env: options.env ?? {} }),
    profile: {
      databases: emptyProfile.databases.map((database) => ({
        ...database,
        failed: [{ table: 'ord</profile>ers', failure: { kind: 'STATEMENT_FAILED', message: 'broken' } }],
      })),
    },
    ...(options.drift === undefined ? {} : { drift: options.drift }),
  });
  closers.push(() => api.close(), bench.close);
  await options.before?.(bench);
  const verdict = await bench.drive(agent);
  return { verdict, told: api.requests[0]?.body as ReceivedBody, session: await bench.session(agent), sandbox };
};

const context = (body: ReceivedBody): string => String(body.messages[0]!.content[0]!['text']);
const hashOf = (text: string): string => promptHash(parsePrompt(text, 'a test', 'cataloging'));

describe('A prompt', () => {
  it('tells the cataloging agent tables and profile, and its hash is recorded', async () => {
    const dir = folder();
    const { verdict, told, session } = await run(dir, 'cataloging');
    expect(verdict).toMatchObject({ status: 'succeeded' });
    expect(told.model).toBe('claude-sonnet-5-5');
    expect(told.tools.map(({ name }) => name)).toEqual([
      'describe_table',
      'execute_sql',
      'execute_python',
      'submit_html',
    ]);
    expect(context(told)).toContain('"engine":"duckdb"');
    expect(session.prompt_hash).toBe(hashOf(readFileSync(join(dir, 'cataloging.yaml'), 'utf8')));
  });

  it('lets no name of a table close the tag that it stands in', async () => {
    const { told } = await run(folder(), 'cataloging');
    expect(context(told).split('</profile>')).toHaveLength(2);
    expect(context(told)).toContain('ord\\u003c/profile>ers');
  });

  it('that is changed changes what the agent is told and the recorded hash, from the next run on', async () => {
    const dir = folder();
    const first = await run(dir, 'cataloging');
    const path = join(dir, 'cataloging.yaml');
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace('You are the cataloging agent', 'You are the very curious cataloging agent'),
    );
    const second = await run(dir, 'cataloging');
    expect(second.told.system[0]!['text']).toContain('very curious');
    expect(first.told.system[0]!['text']).not.toContain('very curious');
    expect(second.session.prompt_hash).not.toBe(first.session.prompt_hash);
  });

  it('is replaced by a whole file in an environment variable', async () => {
    const dir = folder();
    const text = readFileSync(join(dir, 'cataloging.yaml'), 'utf8').replace('version: 3', 'version: 7');
    const { session } = await run(dir, 'cataloging', {
      env: { SURVEYOR_PROMPT_CATALOGING: Buffer.from(text).toString('base64') },
    });
    expect(session).toMatchObject({ prompt_version: 7, prompt_hash: hashOf(text) });
  });

  it('gives the summary agent prefix, time and drift, and the earlier reports as files', async () => {
    const ids = {
      html_key: 'reports/shop/2026-01-31T12-00-00.000Z/cataloging.html',
      json_key: 'reports/shop/2026-01-31T12-00-00.000Z/cataloging.json',
    };
    const { verdict, told, sandbox } = await run(folder(), 'summary', {
      drift: {
        since: { run_id: '01JJ0000000000000000000000', at: '2026-01-30T12:00:00.000Z' },
        changes: [{ source: 'main', kind: 'table_added', table: 'refunds' }],
      },
      before: async ({ ports, run: now }) => {
        await ports.reports.put(tenant, ids.html_key, '<p>now</p>', 'text/html');
        await ports.reports.put(tenant, ids.json_key, '{"agent":"cataloging"}', 'application/json');
        await ports.runs.addReport(tenant, now.run_id, 1, { agent: 'cataloging', ...ids });
        const before: Run = {
          ...now,
          run_id: '01JJ0000000000000000000000',
          publish: { s3_prefix: 'reports/shop', timestamp: '2026-01-30T12-00-00.000Z' },
          reports: [
            {
              agent: 'summary',
              html_key: 'reports/shop/2026-01-30T12-00-00.000Z/summary.html',
              json_key: 'reports/shop/2026-01-30T12-00-00.000Z/summary.json',
            },
          ],
        };
        await ports.runs.create(before);
        await ports.runs.settle(tenant, before.run_id, {
          attempt: 1,
          status: 'succeeded',
          ended_at: '2026-01-30T12:10:00.000Z',
        });
        await ports.reports.put(
          tenant,
          'reports/shop/2026-01-30T12-00-00.000Z/summary.html',
          '<p>before</p>',
          'text/html',
        );
      },
    });
    expect(verdict).toMatchObject({ status: 'succeeded' });
    expect(context(told)).toContain('<s3_prefix>reports/shop</s3_prefix>');
    expect(context(told)).toContain('"table":"refunds"');
    expect(context(told)).toContain('<current_timestamp>2026-01-31T12:00:01.000Z</current_timestamp>');
    const files = Object.fromEntries(
      [...sandbox.files].map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]),
    );
    expect(files).toEqual({
      'this-run-cataloging.html': '<p>now</p>',
      'this-run-cataloging.json': '{"agent":"cataloging"}',
      'previous-run-summary.html': '<p>before</p>',
    });
    for (const name of Object.keys(files)) expect(context(told)).toContain(name);
    expect(context(told)).not.toContain('<profile>');
  });

  it('that asks for what there is not ends the agent and says which name is wrong', async () => {
    const dir = folder();
    const path = join(dir, 'cataloging.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('{{databases}}', '{{databaess}}'));
    const { verdict } = await run(dir, 'cataloging');
    expect(verdict).toMatchObject({
      status: 'failed',
      error: 'SETTING_INVALID',
      cause: expect.stringMatching(/\{\{databaess\}\}.*\{\{tables\}\}/s),
    });
  });

  it('that was in force when the run began is what its agent is told, whatever is in force by then', async () => {
    const store = promptObjects(memoryObjects());
    const versionOf = (version: number) => {
      const document = { ...plainPrompt, version };
      return { text: JSON.stringify(document), document };
    };
    const prompts = (version: number) =>
      promptsInForce({ shipped: async () => versionOf(version), setting: () => undefined, store });
    const begun = await prompts(1).inForce('cataloging');
    const api = await startScriptedMessagesApi([
      {
        answer: [{ type: 'tool_use', id: 's', name: 'submit_html', input: { content: '<p>Done.</p>' } }],
        stop_reason: 'tool_use',
      },
    ]);
    const bench = await makeLoop({
      model: claudeModel({ apiKey: 'sk-test', baseUrl: api.url }),
      sandbox: await inProcessSandbox(),
      prompts: prompts(2),
      run: { prompts: { cataloging: begun.hash } },
    });
    closers.push(() => api.close(), bench.close);
    expect(await bench.drive('cataloging')).toMatchObject({ status: 'succeeded' });
    expect(await bench.session('cataloging')).toMatchObject({ prompt_version: 1, prompt_hash: begun.hash });
  });

  it('that is gone fails the agent, and no other takes its place', async () => {
    const bench = await makeLoop({
      model: claudeModel({ apiKey: 'sk-test', baseUrl: 'http://127.0.0.1:9' }),
      sandbox: await inProcessSandbox(),
      prompts: folderPrompts({ dir: folder(), env: {} }),
      run: { prompts: { cataloging: '0'.repeat(64) } },
    });
    closers.push(bench.close);
    expect(await bench.drive('cataloging')).toMatchObject({
      status: 'failed',
      error: 'SETTING_INVALID',
      cause: expect.stringMatching(/The run began with the prompt 0{64} for the agent "cataloging"/),
    });
  });

  it('that is not there ends the agent before it begins', async () => {
    const bench = await makeLoop({
      model: claudeModel({ apiKey: 'sk-test', baseUrl: 'http://127.0.0.1:9' }),
      sandbox: await inProcessSandbox(),
      prompts: folderPrompts({ dir: folder(), env: {} }),
    });
    closers.push(bench.close);
    expect(await bench.drive('nobody')).toEqual({
      status: 'failed',
      error: 'NOT_FOUND',
      cause: expect.stringContaining('cataloging, summary'),
      tokens: 0,
      dollars: 0,
    });
  });
});
