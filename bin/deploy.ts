import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { awsAccount } from './deploy/aws-account.ts';
import { deployContext } from './deploy/deploy-context.ts';
import { lookAhead } from './deploy/look-ahead.ts';

/**
 * `npm run deploy -- [arguments of cdk deploy]`: looks before it leaps, and deploys where nothing is missing. With
 * `--look-only` it ends there: 0 where nothing is missing, else 1.
 */

const root = resolve(import.meta.dirname, '..');
const args = process.argv.slice(2);
const cdkArgs = args.filter((arg) => arg !== '--look-only');

const containerEngine = async (command: string): Promise<boolean> =>
  promisify(execFile)(command, ['info'], { timeout: 20_000 }).then(
    () => true,
    () => false,
  );

console.log('Before the deployment:');
const missing = await lookAhead(
  {
    account: awsAccount(),
    context: deployContext(cdkArgs, readFileSync(join(root, 'cdk.json'), 'utf8')),
    containerEngine,
    environment: process.env,
  },
  (line) => console.log(line),
);
if (missing > 0) {
  console.error(`\nNot deployed: ${missing === 1 ? 'one thing is' : `${missing} things are`} missing.`);
  process.exitCode = 1;
} else if (cdkArgs.length === args.length) {
  const { status } = spawnSync(join(root, 'node_modules/.bin/cdk'), ['deploy', ...cdkArgs], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
