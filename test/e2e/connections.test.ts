import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConnectionPage, ConnectionView } from '../../src/contracts/connection.ts';
import { failures } from '../../src/contracts/failure.ts';
import { isMissing } from '../support/is-missing.ts';
import { startMariadb } from '../support/mariadb-server.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';

const password = 'canary-5e1f';
const serverString = `postgresql://reader:${password}@127.0.0.1:1/shop`;

describe('surveyor connections', () => {
  let local: LocalService;
  let files: string;

  beforeAll(async () => {
    local = await startLocalService({}, { isPublished: true });
    files = await local.service.seed('support');
  });
  afterAll(() => local?.close());

  const surveyor = async (
    args: string,
    options: { readonly stdin?: string; readonly env?: NodeJS.ProcessEnv } = {},
  ) => {
    const { home, configDir } = local.service.settings;
    const env = { PATH: process.env['PATH'], HOME: home, SURVEYOR_HOME: home, XDG_CONFIG_HOME: dirname(configDir) };
    const node = ['--disable-warning=ExperimentalWarning', join(process.cwd(), 'bin', 'surveyor.ts')];
    const child = spawn(process.execPath, [...node, ...args.split(' ')], { env: { ...env, ...options.env } });
    child.stdin.end(options.stdin ?? '');
    const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    expect(stdout + stderr).not.toContain(password);
    return { stdout, stderr, code };
  };
  const view = async (args: string): Promise<ConnectionView> =>
    ConnectionView.parse(JSON.parse((await surveyor(`${args} --json`)).stdout));

  it('adds one from standard input, and another from an environment variable', async () => {
    const shop = await surveyor('connections add shop', { stdin: `${serverString}\n` });
    expect(shop).toMatchObject({ code: 0, stdout: expect.stringContaining('postgresql://127.0.0.1:1/shop') as string });
    const support = await surveyor('connections add support --env SUPPORT', { env: { SUPPORT: `file://${files}` } });
    expect(support).toMatchObject({ code: 0 });
    const { stdout } = await surveyor('connections list --json');
    expect(ConnectionPage.parse(JSON.parse(stdout)).connections).toMatchObject([
      { name: 'shop', engine: 'postgres' },
      { name: 'support', engine: 'files', label: `file://${files}` },
    ]);
    expect((await surveyor('connections list')).stdout).toMatch(/NAME +ENGINE[^]*\nsupport +files/);
  });

  it('says what is wrong: a name that is taken, a string that is none, a variable that is not set', async () => {
    const taken = await surveyor('connections add shop', { stdin: serverString });
    expect(taken).toMatchObject({ code: failures.CONFLICT.exit_code, stdout: '' });
    const wrong = await surveyor('connections add other', { stdin: `postgresql://reader:${password}@h` });
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('names no database') as string });
    const unset = await surveyor('connections rotate shop --env NOT_THERE');
    expect(unset).toMatchObject({ code: 2, stderr: expect.stringContaining('NOT_THERE') as string });
    expect((await surveyor('connections show nowhere')).code).toBe(failures.NOT_FOUND.exit_code);
  });

  it('tests one that opens, and shows what there is', async () => {
    const { code, stdout } = await surveyor('connections test support');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/test +passed/) as string });
    const { test } = await view('connections show support');
    expect(test).toMatchObject({ status: 'passed', not_visible: 0 });
    expect(test?.tables).toBeGreaterThan(0);
  });

  it('tests one that does not, and ends with the code of its failure', async () => {
    const { code, stdout } = await surveyor('connections test shop');
    expect(stdout).toMatch(/test +failed/);
    expect(code).toBe(failures.DATABASE_UNREACHABLE.exit_code);
    expect((await view('connections show shop')).test).toMatchObject({
      status: 'failed',
      failure: { kind: 'DATABASE_UNREACHABLE' },
    });
  });

  it.skipIf(isMissing('postgres'))(
    'tells of a server its version, the role, and what that may not see',
    { timeout: 120_000 },
    async () => {
      const server = await startPostgres();
      try {
        await server.run(`
        create table orders (id int primary key); create table payroll (id int primary key);
        create role reader login password '${password}'; grant select on orders to reader;`);
        const url = (secret: string) => server.url('app', 'reader', secret);
        await local.api.createConnection({ name: 'books', db_conn_string: url(password) });
        expect((await surveyor('connections test books')).code).toBe(0);
        const passed = await view('connections show books');
        expect(passed.test).toMatchObject({
          status: 'passed',
          engine_version: expect.stringContaining('15') as string,
          role: 'reader',
          tables: 1,
        });
        expect(passed.test?.not_visible).toBeGreaterThan(0);

        await local.api.rotateConnection({ name: 'books', db_conn_string: url('wrong') });
        expect((await surveyor('connections test books')).code).toBe(failures.DATABASE_REFUSED.exit_code);
        await local.api.rotateConnection({ name: 'books', db_conn_string: server.url('app') });
        expect((await surveyor('connections test books')).code).toBe(failures.DATABASE_WRITABLE.exit_code);

        // More than a run takes.
        await server.run(`do $$ begin for i in 1..1100 loop
          execute format('create table many_%s (id int)', i); execute format('grant select on many_%s to reader', i);
          commit; end loop; end $$`);
        await local.api.rotateConnection({ name: 'books', db_conn_string: url(password) });
        expect((await surveyor('connections test books')).code).toBe(0);
        expect((await view('connections show books')).test).toMatchObject({ status: 'passed', tables: 1_101 });
      } finally {
        await server.stop();
      }
    },
  );

  it.skipIf(isMissing('mariadb'))('tells the same of a MariaDB server', { timeout: 120_000 }, async () => {
    const server = await startMariadb();
    try {
      await server.run(`
        create table orders (id int primary key); create table payroll (id int primary key);
        create user clerk@'%' identified by '${password}';
        grant select, insert on app.* to clerk@'%'; create user viewer@'%' identified by '${password}';
        grant select (id) on app.payroll to viewer@'%'; grant select on app.orders to viewer@'%';`);
      const rotate = (user: string, secret = password) =>
        local.api.rotateConnection({ name: 'ledger', db_conn_string: server.url('app', user, secret) });
      await local.api.createConnection({ name: 'ledger', db_conn_string: server.url('app', 'viewer', password) });
      expect((await surveyor('connections test ledger')).code).toBe(0);
      const passed = await view('connections show ledger');
      expect(passed.test).toMatchObject({
        status: 'passed',
        engine_version: expect.stringMatching(/MariaDB/) as string,
        role: expect.stringContaining('viewer') as string,
        tables: 2,
      });
      expect(passed.test?.not_visible).toBeGreaterThan(0);

      await rotate('viewer', 'wrong');
      expect((await surveyor('connections test ledger')).code).toBe(failures.DATABASE_REFUSED.exit_code);
      await rotate('clerk');
      expect((await surveyor('connections test ledger')).code).toBe(failures.DATABASE_WRITABLE.exit_code);
    } finally {
      await server.stop();
    }
  });

  it('is what a catalog can name', async () => {
    const { run_id } = await local.api.createCatalog({ connection: 'support', s3_prefix: 'reports/support' });
    await expect(local.api.deleteConnection({ name: 'support' })).rejects.toMatchObject({
      kind: 'CONFLICT',
      message: expect.stringContaining(run_id) as string,
    });
    expect(await local.ended(run_id)).toMatchObject({ status: 'succeeded', sources: [{ connection: 'support' }] });
  });

  it('rotates one, whose test then is outdated', async () => {
    const { code } = await surveyor('connections rotate support', { stdin: `file://${dirname(files)}` });
    expect(code).toBe(0);
    const rotated = await view('connections show support');
    expect(rotated).toMatchObject({ label: `file://${dirname(files)}`, rotated_at: expect.any(String) as string });
    expect(rotated).not.toHaveProperty('test');
  });

  it('does not rotate one to another kind of database, and says what to do', async () => {
    const { code, stderr } = await surveyor('connections rotate shop', { stdin: `file://${files}` });
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('surveyor connections add <name>') as string,
    });
  });

  it('removes one, after which nothing of the password is anywhere', async () => {
    expect((await surveyor('connections rotate shop', { stdin: serverString })).code).toBe(0);
    expect((await surveyor('connections remove shop')).code).toBe(0);
    expect((await surveyor('connections show shop')).code).toBe(failures.NOT_FOUND.exit_code);
    const holding = readdirSync(local.home, { recursive: true })
      .map((name) => join(local.home, String(name)))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
      .filter((path) => readFileSync(path).includes(password));
    expect(holding).toEqual([]);
  });
});
