import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunctions, type FunctionBundles } from '../../lib/bundle-functions.ts';
import { functionTable } from '../../lib/function-table.ts';
import { storeStatements } from '../../lib/store-permissions.ts';
import { bundledPrompts } from '../../src/adapters/aws/bundled-prompts.ts';
import { promptFiles } from '../../src/adapters/prompt-files.ts';
import { type FunctionName, functionNames, needsOf } from '../../src/contracts/function-needs.ts';
import { routes } from '../../src/contracts/routes.ts';
import { functionEnvironment as environment } from '../support/function-environment.ts';
import { startTokenIssuer } from '../support/token-issuer.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

describe('the bundles of the functions', () => {
  let folder: string;
  let bundles: FunctionBundles;
  const fileOf = (name: FunctionName): string => join(bundles.folderOf(name), 'index.mjs');

  beforeAll(async () => {
    // Below the project, so that the AWS SDK, which Lambda brings, is found in its node_modules.
    mkdirSync(join(root, 'dist'), { recursive: true });
    folder = mkdtempSync(join(root, 'dist', 'bundles-'));
    bundles = await bundleFunctions(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a script in a Node of its own, as Lambda does, with nothing but this environment. */
  const node = (script: string, env: Readonly<Record<string, string>>) =>
    run(process.execPath, ['--input-type=module', '--eval', script], { env, timeout: 60_000 });

  /** What a function answers to an event. */
  const call = async (name: FunctionName, event: unknown, env: Readonly<Record<string, string>> = environment) => {
    const script = `
      const { handler } = await import(${JSON.stringify(fileOf(name))});
      const answer = await handler(${JSON.stringify(event)}, {});
      process.stdout.write('\\n' + JSON.stringify({ status: answer.statusCode, body: JSON.parse(answer.body) }));
    `;
    const { stdout } = await node(script, env);
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)) as { status: number; body: Record<string, unknown> };
  };

  /** A request as API Gateway hands it over. */
  const get = (path: string) => ({
    httpMethod: 'GET',
    path,
    headers: {},
    pathParameters: null,
    queryStringParameters: null,
    body: null,
    requestContext: { requestId: 'request-0001' },
  });

  it('are small: those of routes at most 300 KB, all others at most 700 KB', () => {
    const routed: ReadonlySet<string> = new Set(Object.values(routes).map((route) => route.function));
    const sizes = functionNames.map((name) => ({
      name,
      kilobytes: Math.ceil(statSync(fileOf(name)).size / 1024),
      most: routed.has(name) ? 300 : 700,
    }));
    console.log(sizes.map(({ name, kilobytes, most }) => `${name.padEnd(24)}${kilobytes} of ${most} KB`).join('\n'));
    expect(sizes.filter(({ kilobytes, most }) => kilobytes < 10 || kilobytes > most)).toEqual([]);
  });

  it('carry nothing of the local platform', () => {
    const { inputs, outputs } = bundles.metafile;
    const local = /^(src\/adapters\/local|bin|runner-task|test|lib)\/|node_modules\/(@duckdb|@hono|hono|aws-cdk-lib)\//;
    expect(Object.keys(inputs).filter((input) => local.test(input))).toEqual([]);
    const outside = new Set(Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path)));
    expect(outside.has('@aws-sdk/client-dynamodb')).toBe(true);
    expect([...outside].filter((path) => !/^(node:|@aws-sdk\/)/.test(path) && !builtinModules.includes(path))).toEqual(
      [],
    );
    expect([...outside].filter((path) => /sqlite|duckdb/.test(path))).toEqual([]);
  });

  it('leave the AWS SDK to Lambda', () => {
    expect(Object.keys(bundles.metafile.inputs).filter((input) => input.includes('node_modules/@aws-sdk/'))).toEqual(
      [],
    );
  });

  it('carry the prompts where the function reads them, and nowhere else', () => {
    const besides = functionNames.map((name) => {
      const beside = join(bundles.folderOf(name), 'prompts');
      return [name, existsSync(beside) ? readdirSync(beside).toSorted() : []];
    });
    const prompts = readdirSync(join(root, 'prompts'))
      .map((file) => file.replace(/yaml$/, 'json'))
      .toSorted();
    const readers = functionNames.filter((name) =>
      functionTable[name].grants.some((grant) => grant.startsWith('prompts:')),
    );
    expect(readers.length * prompts.length).toBeGreaterThan(0);
    expect(besides).toEqual(functionNames.map((name) => [name, readers.includes(name) ? prompts : []]));
  });

  it('carry the very prompts of the folder, with the hash that the embedded platform records', async () => {
    const inFolder = promptFiles({ dir: join(root, 'prompts'), env: {} }).shipped;
    const inBundle = bundledPrompts(join(bundles.folderOf('start-agent'), 'prompts'));
    for (const agent of ['cataloging', 'summary']) expect(await inBundle(agent)).toEqual(await inFolder(agent));
    await expect(inBundle('poet')).rejects.toMatchObject({ kind: 'NOT_FOUND' });
  });

  /** The files that went into a function's bundle. */
  const inputsOf = (name: FunctionName): readonly string[] =>
    Object.keys(
      Object.entries(bundles.metafile.outputs).find(([path]) => path.endsWith(`/${name}/index.mjs`))?.[1].inputs ?? {},
    );

  it('hold their own row of the tables of routes and tasks: each start would build the schemas of all', () => {
    const rowsOf = (name: FunctionName): readonly string[] =>
      inputsOf(name).flatMap((input) => /^src\/contracts\/(?:routes|tasks)\/(.*)\.ts$/.exec(input)?.[1] ?? []);
    const withTable = functionNames.filter((name) =>
      inputsOf(name).some((input) => /^src\/contracts\/(routes|tasks)\.ts$/.test(input)),
    );
    expect(withTable).toEqual(['describe-api']);
    // What calls another function reads its answer.
    const called: Partial<Record<FunctionName, FunctionName>> = {
      'settle-run': 'collect-last-evidence',
      'reconcile-runs': 'collect-last-evidence',
      'publish-messages': 'deliver-messages',
    };
    const foreign = functionNames
      .filter((name) => !withTable.includes(name))
      .flatMap((name) => rowsOf(name).map((row) => ({ name, row })))
      .filter(({ name, row }) => row !== name && row !== called[name]);
    expect(foreign).toEqual([]);
    expect(rowsOf('get-run')).toEqual(['get-run']);
  });

  it('make the ports of the function alone', () => {
    const has = (name: FunctionName, part: RegExp): boolean => inputsOf(name).some((input) => part.test(input));
    expect(functionNames.filter((name) => has(name, /@anthropic-ai\/sdk/))).toEqual(['call-model']);
    expect(functionNames.filter((name) => has(name, /node_modules\/yaml\//))).toEqual([]);
    expect(functionNames.filter((name) => has(name, /secrets-manager-secret-store/))).toEqual(
      functionNames.filter((name) => {
        const { secrets, webhookSecrets } = needsOf(name);
        return secrets !== undefined || webhookSecrets !== undefined;
      }),
    );
    expect(functionNames.filter((name) => has(name, /dynamo-items/))).toEqual(
      functionNames.filter((name) => functionTable[name].grants.some((grant) => storeStatements(grant) !== undefined)),
    );
  });

  it('keep the names of errors, by which machines retry, and those of functions in stack traces', async () => {
    const script = `
      const { handler } = await import(${JSON.stringify(fileOf('profile-table'))});
      const thrown = await handler({}, {}).catch((error) => error);
      process.stdout.write('\\n' + JSON.stringify({ name: thrown.name, stack: String(thrown.cause?.stack ?? thrown.stack) }));
    `;
    const { stdout } = await node(script, environment);
    const { name, stack } = JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)) as Record<string, string>;
    expect(name).toBe('INTERNAL');
    expect(stack).toMatch(/at runRequest /);
  });

  it('load in Node with the environment of the stack, and export a handler', async () => {
    const script = `
      const types = [];
      for (const file of ${JSON.stringify(functionNames.map(fileOf))}) types.push(typeof (await import(file)).handler);
      process.stdout.write(JSON.stringify(types));
    `;
    const { stdout } = await node(script, environment);
    expect(JSON.parse(stdout)).toEqual(functionNames.map(() => 'function'));
  });

  it('answer a request of API Gateway', async () => {
    const health = await call('check-health', get('/health'));
    expect(health).toMatchObject({ status: 200, body: { status: 'ok', platform: 'aws', analyst: 'deterministic' } });

    const api = await call('describe-api', get('/openapi.json'));
    expect(Object.keys(api.body['paths'] ?? {})).toEqual(
      expect.arrayContaining(Object.values(routes).map((route) => route.path)),
    );

    const runs = await call('list-runs', get('/runs'));
    expect(runs).toMatchObject({ status: 401, body: { kind: 'UNAUTHENTICATED', request_id: 'request-0001' } });
  });

  it('know by the name of a secret alone whether a model writes the reports', async () => {
    const health = await call('check-health', get('/health'), { ...environment, MODEL_KEY_SECRET: 'anthropic' });
    expect(health.body).toMatchObject({ analyst: 'model' });
  });

  it('carry what looks at tokens where a route asks for a credential, and nowhere else', () => {
    const carriers = Object.entries(bundles.metafile.outputs)
      .filter(([, { inputs }]) => Object.keys(inputs).some((input) => input.includes('node_modules/jose/')))
      .map(([path]) => path.split('/').at(-2) ?? '');
    const keyed = functionNames.filter((name) => needsOf(name).apiKeys !== undefined);
    expect(carriers.toSorted()).toEqual([...keyed].toSorted());
  });

  it('take tokens of the issuer that the stack names, and refuse others like a key that nobody has', async () => {
    const issuer = await startTokenIssuer(Math.floor(Date.now() / 1000));
    try {
      const env = {
        ...environment,
        SURVEYOR_JWT_ISSUER: issuer.settings.issuer,
        SURVEYOR_JWT_AUDIENCE: 'surveyor',
        SURVEYOR_JWT_TENANT_CLAIM: 'org',
        SURVEYOR_JWT_ROLES_CLAIM: 'permissions',
      };
      const ask = (token: string) =>
        call('list-runs', { ...get('/runs'), headers: { Authorization: `Bearer ${token}` } }, env);
      // Of a role that may not list runs: so the answer comes before anything is asked of the table.
      expect(await ask(await issuer.sign({ permissions: ['admin'] }))).toMatchObject({
        status: 403,
        body: { kind: 'FORBIDDEN' },
      });
      for (const token of [issuer.unsigned(), await issuer.signWithPublicKey(), await issuer.sign({ aud: 'payroll' })])
        expect(await ask(token)).toMatchObject({ status: 401, body: { kind: 'UNAUTHENTICATED' } });
    } finally {
      await issuer.stop();
    }
  });

  it('name every setting that is missing', async () => {
    const incomplete = { ...environment, TABLE_NAME: '', BUCKET_NAME: '' };
    await expect(call('get-run', get('/runs/1'), incomplete)).rejects.toThrow(
      /SETTING_INVALID.*TABLE_NAME.*BUCKET_NAME/s,
    );
  });
});
