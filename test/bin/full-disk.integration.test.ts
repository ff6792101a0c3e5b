import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failures } from '../../src/contracts/failure.ts';
import { startBackgroundService } from '../support/background-service.ts';
import { leaveOut } from '../support/is-missing.ts';
import { type EndedCommand, runSurveyor } from '../support/run-surveyor.ts';
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';

const probe = mountSmallDisk(1);
probe?.remove();

describe.skipIf(probe === undefined && leaveOut('root', 'a disk of its own can not be mounted'))(
  'a disk that takes no more',
  { timeout: 240_000 },
  () => {
    let disk: SmallDisk;
    let folder: string;
    beforeEach(() => {
      disk = mountSmallDisk(4)!;
      folder = mkdtempSync(join(tmpdir(), 'surveyor-full-'));
      writeFileSync(join(folder, 'things.csv'), 'thing_id,name\n1,one\n2,two\n');
    });
    afterEach(() => {
      disk.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    const surveyor = (...args: readonly string[]): Promise<EndedCommand> =>
      runSurveyor(args, {
        ...process.env,
        SURVEYOR_HOME: join(disk.folder, 'home'),
        SURVEYOR_PORT: '0',
        SURVEYOR_WARM_SANDBOXES: '0',
        XDG_CONFIG_HOME: join(folder, 'config'),
      });
    const remount = (how: 'ro' | 'rw'): void =>
      void execFileSync('mount', ['-o', `remount,${how}`, 'tmpfs', disk.folder], { stdio: 'ignore' });

    it('is read, and its runs are cancelled, by a service that was there before', async () => {
      expect(await surveyor('up', '--detach')).toMatchObject({ code: 0 });
      try {
        const started = await surveyor('catalog', folder, '--json');
        expect(started).toMatchObject({ code: 0 });
        const { run_id } = JSON.parse(started.stdout) as { run_id: string };
        disk.fill();
        expect(await surveyor('runs')).toMatchObject({ code: 0, stdout: expect.stringContaining(run_id) as string });
        const cancelled = await surveyor('cancel', run_id);
        const { stdout } = await surveyor('run', run_id, '--json');
        expect(cancelled.code === 0 ? stdout : cancelled.stderr).toMatch(/cancelled|has ended|failed/);
      } finally {
        disk.free();
        expect(await surveyor('down')).toMatchObject({ code: 0 });
      }
    });

    it('is read by a service that starts on it, with the room that was set aside', async () => {
      expect(await surveyor('catalog', folder)).toMatchObject({ code: 0 });
      const listed = await surveyor('runs', '--json');
      const [{ run_id } = { run_id: 'none' }] = (JSON.parse(listed.stdout) as { runs: { run_id: string }[] }).runs;
      disk.fill();
      expect(await surveyor('runs')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(run_id) as string,
        stderr: expect.stringMatching(/is full\. Make room/) as string,
      });
    });

    it.each(['runs', 'up', 'seed'])(
      'is told with the exit code of what failed where nothing fits on it: %s',
      async (command) => {
        disk.fill();
        const { code, stderr } = await surveyor(command);
        expect({ code, stderr }).toMatchObject({
          code: failures.STORAGE_FAILED.exit_code,
          stderr: expect.stringMatching(/full/) as string,
        });
      },
    );

    it.each(['runs', 'up', 'up --detach', 'seed'])('is told where it is read-only: %s', async (command) => {
      if (command !== 'runs') mkdirSync(join(disk.folder, 'home'));
      remount('ro');
      const { code, stderr } = await surveyor(...command.split(' '));
      remount('rw');
      expect({ code, stderr }).toMatchObject({
        code: failures.STORAGE_FAILED.exit_code,
        stderr: expect.stringMatching(
          /read-only|readonly|cannot be (opened|written)|may (be written|write)/i,
        ) as string,
      });
    });
  },
);

describe('a log that cannot be kept', { timeout: 120_000 }, () => {
  it.each([
    ['is no database', (file: string) => writeFileSync(file, 'no database\n'.repeat(1_000))],
    ['is a folder', (file: string) => mkdirSync(file)],
  ])('stops no service where its file %s: the terminal and /health say so', async (_, damage) => {
    const service = await startBackgroundService((home) => {
      mkdirSync(home, { recursive: true });
      damage(join(home, 'log.sqlite'));
    });
    try {
      expect(service.said).toMatch(/Log lines are being lost\. .*log\.sqlite/);
      const health = (await (await fetch(`${service.url}/health`)).json()) as unknown;
      expect(health).toMatchObject({ status: 'degraded', problems: ['The log is not kept.'] });
      expect(await service.run('runs')).toMatchObject({ code: 0 });
    } finally {
      await service.close();
    }
  });
});
