import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const listen = fileURLToPath(new URL('../../../runner-task/warden/listen.py', import.meta.url));

/** A listener that runs as a child process, as it would in a container of its own. */
export type StartedListener = {
  readonly pid: number;
  readonly socket: string;
  /** Ends it without a word. */
  kill(): Promise<void>;
};

/** Starts one for this process's own user. */
export const startListener = async (
  python: string,
  volume: string,
  /** Those that it has, as in `+kill`; all of this process's own where nothing is said. */
  capabilities?: readonly string[],
): Promise<StartedListener> => {
  const user = String(process.getuid?.());
  const program = [python, '-I', '-B', listen, volume, user];
  const bounded = capabilities && ['/usr/bin/setpriv', `--bounding-set=${['-all', ...capabilities].join(',')}`];
  const [first = python, ...rest] = [...(bounded ?? []), ...program];
  const child = spawn(first, rest, { stdio: ['ignore', 'pipe', 'inherit'], env: {} });
  const ended = once(child, 'exit');
  await once(createInterface({ input: child.stdout }), 'line', { signal: AbortSignal.timeout(30_000) });
  if (child.pid === undefined) throw new Error('the listener did not start');
  return {
    pid: child.pid,
    socket: join(volume, 'kernels.socket'),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
};
