import { spawn } from 'node:child_process';
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { SupervisorSettings } from '../../runner-task/supervisor/settings.ts';
import { Prompt } from '../../src/contracts/agent.ts';
import { RunMessageData } from '../../src/contracts/message.ts';
import catalog from '../../state-machines/catalog.chain.json' with { type: 'json' };
import { readExamples, stepsOf } from './read-examples.ts';
import type { Example } from './read-examples.ts';
import { createComparison } from './same-output.ts';

/**
 * Every example of the pages, run as a reader would: the blocks of a page one after the other, in a folder that has what
 * they speak of, with a home of their own. What they print is compared, but for ids, times and what the page leaves out
 * with `…`.
 */
const root = resolve(import.meta.dirname, '..', '..');
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).map((page) => ({
  page,
  examples: readExamples(readFileSync(join(root, page), 'utf8')),
}));
const isRun = ({ language, notRun }: Example): boolean =>
  (language === 'sh' || language === 'console') && notRun === undefined;

/** The chain of a catalog as it is today. */
const catalogChain = z.strictObject({ name: z.literal(catalog.name), version: z.literal(catalog.version) });

/** What data in examples follow, by the name that stands behind the language of their block. */
const schemas: Readonly<Record<string, z.ZodType>> = {
  Prompt,
  SupervisorSettings,
  CloudEvent: z.looseObject({
    specversion: z.literal('1.0'),
    id: z.string(),
    data: RunMessageData.extend({ chain: catalogChain }),
  }),
};

/** A port that was free a moment ago. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
};

const shop = `
  create table customers as select i as customer_id, 'c' || i || '@example.com' as email from range(1, 201) t(i);
  create table orders as select i as order_id, 1 + i % 210 as customer_id, i % 7 + 0.5 as total,
    timestamp '2026-01-01' + to_hours(i) as ordered_at from range(1, 1501) t(i);`;

/** The files that examples name, in the folder that they run in. */
const makeFiles = async (folder: string): Promise<void> => {
  symlinkSync(join(root, 'surveyor'), join(folder, 'surveyor'));
  symlinkSync(join(root, 'prompts'), join(folder, 'prompts'));
  for (const file of ['sales.duckdb', 'shop.duckdb']) {
    const instance = await DuckDBInstance.create(join(folder, file));
    const connection = await instance.connect();
    await connection.run(shop);
    connection.closeSync();
    instance.closeSync();
  }
  mkdirSync(join(folder, 'exports'));
  for (const file of ['exports/visits.csv', 'targets.csv']) {
    writeFileSync(
      join(folder, file),
      `day,number\n${Array.from({ length: 90 }, (_, i) => `2026-01-${10 + (i % 20)},${i}\n`).join('')}`,
    );
  }
  const url = `duckdb://${join(folder, 'shop.duckdb')}\n`;
  for (const file of ['connection-string.txt', 'new-connection-string.txt']) writeFileSync(join(folder, file), url);
};

describe.each(pages.filter(({ examples }) => examples.some(isRun)))('the examples of $page', ({ examples }) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'surveyor-examples-')));
  const home = join(folder, 'home');
  let port: number;

  const run = async (command: string): Promise<{ code: number | null; printed: string }> => {
    const child = spawn('sh', ['-c', `exec 2>&1; ${command.replaceAll('127.0.0.1:8787', `127.0.0.1:${port}`)}`], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
        SURVEYOR_HOME: join(home, '.surveyor'),
        SURVEYOR_PORT: String(port),
        // What the machine's own .env says must not matter.
        ANTHROPIC_API_KEY: '',
        SURVEYOR_MODEL: '',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<number | null>((done) => child.once('exit', done));
    // To the end of the command, not of the output: a service in the background may keep that open.
    const printed = text(child.stdout);
    const code = await ended;
    return {
      code,
      printed: (await printed).replaceAll(`127.0.0.1:${port}`, '127.0.0.1:8787').replaceAll(folder, '/home/you'),
    };
  };

  beforeAll(async () => {
    mkdirSync(home);
    port = await freePort();
    await makeFiles(folder);
  });
  afterAll(async () => {
    await run('./surveyor down');
    rmSync(folder, { recursive: true, force: true });
  });

  it('print what the page says', { timeout: 600_000 }, async () => {
    const comparison = createComparison();
    for (const example of examples.filter(isRun)) {
      const steps = stepsOf(example);
      expect(steps.length, `the block in line ${example.line} has a command`).toBeGreaterThan(0);
      for (const { command, output } of steps) {
        const { code, printed } = await run(comparison.withRealIds(command));
        const compared =
          output === undefined
            ? { said: 'exit code 0', printed: code === 0 ? 'exit code 0' : `exit code ${code}\n${printed}` }
            : comparison.compare(output, printed);
        expect(`$ ${command}\n${compared.printed}`).toBe(`$ ${command}\n${compared.said}`);
      }
    }
  });
});

it('no page has an example that nobody checks, and data follow their schema', () => {
  for (const { page, examples } of pages) {
    for (const { language, schema, line, text: data, notRun } of examples) {
      // Code of other programs is not run, and says so.
      if (language === 'js' && notRun !== undefined) continue;
      expect(['sh', 'console', 'json', 'yaml', 'text'], `${page}, line ${line}`).toContain(language);
      if (language !== 'json' && language !== 'yaml') continue;
      expect(Object.keys(schemas), `${page}, line ${line}`).toContain(schema);
      schemas[schema]?.parse(language === 'json' ? JSON.parse(data) : parse(data));
    }
  }
});
