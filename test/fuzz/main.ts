import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { sendHostile } from './send-hostile.ts';

/**
 * Fuzzes the API: every route with hostile names in every place, then from its own OpenAPI document with schemathesis. No
 * 5xx, no answer that is not documented. `--max-examples` says how many requests a route gets in each phase of
 * schemathesis; with 0 it is left out; `--every 10` sends a tenth of the hostile names.
 */

const version = '4.32.5';

const schemathesis = async (): Promise<string> => {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'surveyor');
  const folder = join(cache, `schemathesis-${version}`);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, 'schemathesis-'));
  try {
    const run = promisify(execFile);
    await run('python3', ['-m', 'venv', draft], { timeout: 120_000 });
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
    await run(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', ...quiet, `schemathesis==${version}`], {
      timeout: 300_000,
    });
    renameSync(draft, folder);
  } catch (thrown) {
    rmSync(draft, { recursive: true, force: true });
    throw thrown;
  }
  return python;
};

const runSchemathesis = async (python: string, local: LocalService, cwd: string): Promise<number> => {
  const child = spawn(
    python,
    [
      '-m',
      'schemathesis.cli',
      'run',
      `${local.service.url}/openapi.json`,
      '--header',
      `Authorization: Bearer ${local.service.apiKey}`,
      '--checks',
      'not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,negative_data_rejection,unsupported_method,allow_header_conformance,ignored_auth',
      '--max-examples',
      values['max-examples'],
      '--max-time',
      '600',
      '--request-timeout',
      '30',
      '--continue-on-failure',
      '--generation-database',
      'none',
    ],
    { cwd, stdio: 'inherit' },
  );
  const [code] = (await once(child, 'exit')) as [number];
  return code;
};

const { values } = parseArgs({
  options: {
    'max-examples': { type: 'string', default: '60' },
    every: { type: 'string', default: '1' },
  },
});
const python = values['max-examples'] === '0' ? undefined : await schemathesis();
const work = mkdtempSync(join(tmpdir(), 'surveyor-fuzz-'));
writeFileSync(join(work, 'things.csv'), 'thing_id,name\n1,one\n2,two\n');
const local = await startLocalService({ SURVEYOR_REQUESTS_PER_MINUTE: '0' });
let code = 1;
try {
  // Something to be found, so that not every path ends in 404.
  const { run_id } = await local.api.createCatalog({ db_conn_string: `file://${work}`, s3_prefix: 'reports/fuzz' });
  await local.ended(run_id);
  await local.api.createConnection({ name: 'things', db_conn_string: `file://${work}` });
  const { port } = new URL(local.service.url);
  const began = Date.now();
  const fuzzed = await sendHostile(
    Number(port),
    local.service.apiKey,
    {
      id: run_id,
      name: 'things',
      agent: 'cataloging',
    },
    Number(values.every),
  );
  const answers = [...fuzzed.statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} of ${status}`);
  console.log(
    `${fuzzed.requests} requests with hostile names in ${Math.round((Date.now() - began) / 1000)} s: ${answers.join(', ')}`,
  );
  for (const complaint of fuzzed.complaints.slice(0, 50)) console.log(complaint);
  console.log(`${fuzzed.complaints.length} answers are not what is documented`);
  const generated = python === undefined ? 0 : await runSchemathesis(python, local, work);
  code = fuzzed.complaints.length > 0 ? 1 : generated;
  const { runs } = await local.api.listRuns({ limit: 100 });
  for (const run of runs)
    if (run.status === 'running') await local.api.cancelRun({ id: run.run_id }).catch(() => undefined);
} finally {
  await local.close();
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = code;
