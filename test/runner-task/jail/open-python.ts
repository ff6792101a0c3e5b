import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/**
 * The kernel's interpreter in a place that is open to every user, as the image's is: without that a kernel gets no user of
 * its own where nothing may be mounted. Needs root.
 */
export const openPython = (python: string): { readonly python: string; readonly close: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-python-'));
  chmodSync(folder, 0o755);
  const bind = (from: string, to: string): void => {
    mkdirSync(to, { recursive: true });
    execFileSync('mount', ['--bind', from, to]);
  };
  const ask = (expression: string): string =>
    execFileSync(python, ['-I', '-c', `import os, sys, sysconfig; print(${expression})`], { encoding: 'utf8' }).trim();
  const base = join(folder, 'base');
  bind(ask('sys.base_prefix'), base);
  const program = join(base, 'bin', basename(ask('os.path.realpath(sys.executable)')));
  const environment = join(folder, 'environment');
  execFileSync(program, ['-I', '-m', 'venv', '--without-pip', environment]);
  const packages = ask('sysconfig.get_path("purelib")');
  const bound = join(environment, 'lib', basename(dirname(packages)), 'site-packages');
  bind(packages, bound);
  return {
    python: join(environment, 'bin', 'python'),
    close: () => {
      for (const mounted of [bound, base]) execFileSync('umount', ['-l', mounted]);
      rmSync(folder, { recursive: true });
    },
  };
};
