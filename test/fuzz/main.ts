import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { startLocalService } from '../support/local-service.ts';

/**
 * Fuzzes the API from its own OpenAPI document with schemathesis: no 5xx, no answer that is not documented. Ends with its
 * exit code. `--max-examples` says how many requests a route gets in each phase.
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

const { values } = parseArgs({ options: { 'max-examples': { type: 'string', default: '60' } } });
const python = await schemathesis();
const work = mkdtempSync(join(tmpdir(), 'surveyor-fuzz-'));
writeFileSync(join(work, 'things.csv'), 'thing_id,name\n1,one\n2,two\n');
const local = await startLocalService({ SURVEYOR_REQUESTS_PER_MINUTE: '0' });
let code = 1;
try {
  // Something to be found, so that not every path ends in 404.
  const { run_id } = await local.api.createCatalog({ db_conn_string: `file://${work}`, s3_prefix: 'reports/fuzz' });
  await local.ended(run_id);
  await local.api.createConnection({ name: 'things', db_conn_string: `file://${work}` });
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
    { cwd: work, stdio: 'inherit' },
  );
  [code] = (await once(child, 'exit')) as [number];
  const { runs } = await local.api.listRuns({ limit: 100 });
  for (const run of runs)
    if (run.status === 'running') await local.api.cancelRun({ id: run.run_id }).catch(() => undefined);
} finally {
  await local.close();
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = code;
