import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { timestamp } from '../../../bin/commands/logs.ts';
import { failureText } from '../../../bin/commands/print-failure.ts';
import { refusePassword } from '../../../bin/commands/refuse-password.ts';
import type { Advice } from '../../../src/contracts/advice.ts';
import { Failure } from '../../../src/contracts/failure.ts';
import { fakeService, runId } from '../fake-service.ts';
import type { FakeService } from '../fake-service.ts';

let service: FakeService;
beforeEach(async () => {
  service = await fakeService();
});
afterEach(() => service.close());

const surveyor = async (...args: readonly string[]) => {
  const script = join(process.cwd(), 'bin', 'surveyor.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    env: service.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
};

describe('the words of a command', () => {
  it.each([
    'postgresql://reader:hunter2@db.example:5432/shop',
    'mysql://reader:a/hunter2@db.example/shop',
    'postgres://reader:a@hunter2@db.example/shop',
    'jdbc:postgresql://reader:hunter2@db.example/shop',
    'reader:hunter2@db.example/shop',
    'postgresql://reader@db.example/shop?password=hunter2',
    'host=db.example user=reader password=hunter2 dbname=shop',
    "host=db.example user=reader password = 'hunter2' dbname=shop",
    'Server=db.example;User Id=reader;Password=hunter2;',
    "psql 'postgresql://reader:hunter2@db.example/shop'",
    'DATABASE_URL=postgresql://reader:hunter2@db.example/shop',
    'export DATABASE_URL="postgres://reader:hunter2@db.example/shop"',
    '"postgresql://reader:hunter2@db.example/shop"',
    'PGHOST=db.example PGUSER=reader PGPASSWORD=hunter2',
    'DB_HOST=db.example;DB_PASSWORD=hunter2',
    'mysql -h db.example -u reader -phunter2 shop',
    'mysql --host=db.example --user=reader --password=hunter2 shop',
    'reader:hunter2@tcp(db.example:3306)/shop',
  ])('may not hold a password: %s', (word) => {
    expect(() => refusePassword(word)).toThrow(
      expect.objectContaining({
        kind: 'INVALID_REQUEST',
        message: expect.stringMatching(/^(?![^]*(hunter2|reader))[^]*catalog - <[^]*connections add/) as string,
      }),
    );
  });

  it.each([
    'ecommerce',
    'connection:shop',
    'postgresql://reader@db.example:5432/shop',
    'postgresql://reader:@db.example:5432/shop',
    'duckdb:///data/a:b@c.duckdb',
    'sqlite:///data/a:b@c.sqlite',
    'file:///data/a:b@c',
    './a:b@c',
    'report -private.csv',
    '-',
  ])('may be %s', (word) => {
    expect(() => refusePassword(word)).not.toThrow();
  });

  it.each([
    [['catalog', 'postgresql://reader:hunter2@db/shop'], /carries a password/],
    [['catalog', '-', '-'], /at most one "-"/],
    [['catalog', 'ecommerce', 'ecommerce'], /The database ecommerce is named twice/],
    [['catalog', 'connection:'], /"" cannot be the name of a connection/],
    [['catalog', 'connection:Bad name!'], /"Bad name!" cannot be the name of a connection/],
    [['catalog', 'ecommerce', '--tables', ','], /--tables ",": must not be empty/],
    [['catalog', 'ecommerce', '--prefix', '../x'], /--prefix "\.\.\/x": path segments/],
    [['connections', 'add', 'shop'], /\.\/surveyor connections add shop < /],
    [['connections', 'rotate', 'shop'], /\.\/surveyor connections rotate shop < /],
    [['connections', 'add', 'Bad name!'], /"Bad name!" cannot be the name of a connection/],
    [['resume', runId, '-'], new RegExp(`\\./surveyor resume ${runId} - < `)],
    [['resume', runId, 'postgresql://u:hunter2@h/d'], /there can only be "-"/],
    [['logs', runId, '--level', 'loud'], /Give one of DEBUG, INFO, WARN, ERROR/],
    [['logs', runId, '--since', '2026-02-31'], /Give a date or an ISO time/],
  ])('%j are refused before anything is sent', async (args, message) => {
    const { code, stdout, stderr } = await surveyor(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/hunter2|Too small/);
    expect(service.requests).toEqual([]);
  });
});

describe('a time on the command line', () => {
  it.each([
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21T08:30', '2026-11-21T08:30:00.000Z'],
    ['2026-11-21 08:30:15', '2026-11-21T08:30:15.000Z'],
    ['2026-11-21T08:30:15.5+02:00', '2026-11-21T06:30:15.500Z'],
    ['2026-01-31T12:00:00.000z', '2026-01-31T12:00:00.000Z'],
  ])('%s is sent as %s', (given, sent) => {
    expect(timestamp(given)).toBe(sent);
  });

  it.each(['', 'yesterday', '2026', '2026-13-01', '2026-02-30', '2026-01-01T25:00'])('%j is none', (given) => {
    expect(() => timestamp(given)).toThrow('Give a date or an ISO time');
  });
});

describe('what the API advises', () => {
  it.each<readonly [Advice, string, RegExp]>([
    [{ kind: 'see_connections' }, 'path.name', /\.\/surveyor connections list[^]*connections add[^]*where: name$/],
    [{ kind: 'see_runs' }, 'path.id', /\.\/surveyor runs\n {2}where: id$/],
    [
      { kind: 'send_connection_string', run_id: runId, database: 'postgresql://h:1/d' },
      'body.db_conn_string',
      new RegExp(
        `for postgresql://h:1/d: ./surveyor resume ${runId} - < connection-string.txt\n  where: connection string$`,
      ),
    ],
    [{ kind: 'see_schema' }, 'body.s3_prefix', /So it was\.\n {2}where: --prefix$/],
  ])('is told as a command: %j', (advice, where, told) => {
    const said = failureText(new Failure('NOT_FOUND', 'So it was.', { where, advice }));
    expect(said).toMatch(told);
    expect(said).not.toMatch(/GET|POST|db_conn_string|openapi|path\./);
  });

  it('comes over the API as what it is, and is told to programs too', async () => {
    const { code, stderr } = await surveyor('run', '01JD3Y6M9Q4T8V2X5Z7B1C3D4F', '--json');
    expect(code).toBe(4);
    expect(JSON.parse(stderr)).toMatchObject({
      failure: { kind: 'NOT_FOUND', message: expect.stringContaining('./surveyor runs'), advice: { kind: 'see_runs' } },
    });
  });
});
