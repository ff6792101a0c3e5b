import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { powertoolsLog } from '../../src/adapters/powertools-log.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { LogEntry } from '../../src/contracts/log-entry.ts';

const moduleUrl = (path: string): string => JSON.stringify(new URL(`../../src/${path}`, import.meta.url));

/** What a process prints that makes a log and says things with it. */
const printed = async (script: string, env: Record<string, string> = {}) => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { powertoolsLog } from ${moduleUrl('adapters/powertools-log.ts')};
       import { Failure } from ${moduleUrl('contracts/failure.ts')};
       ${script}`,
    ],
    { env: { PATH: process.env['PATH'], ...env } },
  );
  const lines = (text: string) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { stdout: lines(stdout), stderr: lines(stderr) };
};

describe('the log', () => {
  it('prints one JSON line with everything it was given on the way', async () => {
    const { stdout } = await printed(`
      const log = powertoolsLog({ service: 'surveyor', level: 'INFO', fields: { platform: 'local' } });
      log.with({ tenant: 'acme', run_id: 'R1' }).with({ step: 'ProfileTable', request_id: 'q-1' })
        .info('the table was profiled', { table: 'orders', rows: 12, request_id: 'q-2' });
      log.info('nothing was carried over');`);
    expect(stdout).toEqual([
      {
        level: 'INFO',
        message: 'the table was profiled',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        service: 'surveyor',
        platform: 'local',
        tenant: 'acme',
        run_id: 'R1',
        step: 'ProfileTable',
        request_id: 'q-2',
        table: 'orders',
        rows: 12,
      },
      expect.not.objectContaining({ tenant: 'acme' }),
    ]);
  });

  it('tells the time in UTC whatever the time zone', async () => {
    const script = `powertoolsLog({ service: 's', level: 'INFO' }).info('now');`;
    const { stdout } = await printed(script, { TZ: 'Asia/Tokyo' });
    const [line] = stdout;
    expect(line?.['timestamp']).toMatch(/Z$/);
    expect(Math.abs(Date.parse(String(line?.['timestamp'])) - Date.now())).toBeLessThan(3_600_000);
  });

  it('prints an error with its name, message, kind and place, and those that caused it', async () => {
    const { stderr } = await printed(`
      const cause = new TypeError('the cause');
      const error = new Failure('TABLE_NOT_FOUND', 'There is no table x.', { where: 'tables.0', cause });
      powertoolsLog({ service: 's', level: 'INFO' }).error('the run failed', { error });`);
    expect(stderr).toEqual([
      expect.objectContaining({
        level: 'ERROR',
        message: 'the run failed',
        error: {
          name: 'TABLE_NOT_FOUND',
          message: 'There is no table x.',
          kind: 'TABLE_NOT_FOUND',
          where: 'tables.0',
          stack: expect.stringContaining('There is no table x.'),
          cause: { name: 'TypeError', message: 'the cause', stack: expect.any(String) },
        },
      }),
    ]);
  });

  it('prints only lines of its level and worse', async () => {
    const { stdout, stderr } = await printed(`
      const log = powertoolsLog({ service: 's', level: 'WARN' });
      log.debug('a'); log.info('b'); log.warn('c'); log.error('d');`);
    expect(new Set([...stdout, ...stderr].map(({ message }) => message))).toEqual(new Set(['c', 'd']));
  });

  it('prints nothing where it is quiet, and says all of it to the sink', async () => {
    const { stdout, stderr } = await printed(
      `const heard = [];
       const log = powertoolsLog({ service: 's', level: 'DEBUG', quiet: true, sink: (entry) => heard.push(entry.message) });
       log.debug('a'); log.info('b'); log.warn('c'); log.with({ x: 1 }).error('d');
       if (heard.join() !== 'a,b,c,d') throw new Error('heard ' + heard.join());`,
    );
    expect([stdout, stderr]).toEqual([[], []]);
  });
});

describe('the sink', () => {
  const heardBy = (level: LogEntry['level'] = 'DEBUG') => {
    const heard: LogEntry[] = [];
    const log = powertoolsLog({ service: 's', level, quiet: true, sink: (entry) => heard.push(entry) });
    return { log, heard };
  };

  it('hears entries that fit the contract, tenant and run in their places', () => {
    const { log, heard } = heardBy();
    log.with({ tenant: 'acme', run_id: 'R1', step: 'a' }).warn('slow', { milliseconds: 12 });
    expect(heard).toEqual([
      {
        tenant: 'acme',
        run_id: 'R1',
        at: expect.any(String),
        level: 'WARN',
        message: 'slow',
        fields: { step: 'a', milliseconds: 12 },
      },
    ]);
    expect(heard.map((entry) => LogEntry.safeParse(entry).success)).toEqual([true]);
  });

  it('hears plain data, also of errors deep inside and of large integers', () => {
    const { log, heard } = heardBy();
    const error = new Failure('INTERNAL', 'inside');
    log.error('failed', { attempts: [{ error }], count: 2n ** 60n });
    const [entry] = heard;
    expect(entry?.fields).toMatchObject({
      attempts: [{ error: { kind: 'INTERNAL', message: 'inside' } }],
      count: '1152921504606846976',
    });
    expect(structuredClone(entry)).toEqual(entry);
  });

  it('hears only lines of the log’s level and worse', () => {
    const { log, heard } = heardBy('WARN');
    log.info('a');
    log.error('b');
    expect(heard.map(({ message }) => message)).toEqual(['b']);
  });

  it('hears of a line whose fields go round in a circle, and the work goes on', () => {
    const { log, heard } = heardBy();
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    log.info('round', { circle });
    expect(heard).toMatchObject([{ message: 'round', fields: { fields_lost: expect.stringContaining('circular') } }]);
  });
});
