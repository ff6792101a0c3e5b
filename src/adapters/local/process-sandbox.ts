import { join } from 'node:path';
import { Failure, toFailure } from '../../contracts/failure.ts';
import type { Lease } from '../../contracts/sandbox.ts';
import type { Log } from '../../ports/log.ts';
import type { Sandbox } from '../../ports/sandbox.ts';
import { callSupervisor } from '../sandbox-client.ts';
import { removeLeftovers } from './sandbox-folders.ts';
import { startSandboxProcess, type SandboxMemory, type SandboxProcess } from './sandbox-process.ts';

/** How the sandboxes of this machine are made. */
export type ProcessSandboxOptions = {
  readonly dataDir: string;
  /** The interpreter of the kernel's environment, or how to come by it when it is first needed. */
  readonly python: string | Promise<string> | (() => Promise<string>);
  /** Sandboxes kept ready, so that a run need not wait for one to start. */
  readonly warm: number;
  readonly log?: Log | undefined;
  readonly kernelDir?: string | undefined;
  readonly memory?: SandboxMemory | undefined;
};

type Held = { readonly lease: Lease; readonly sandbox: SandboxProcess };

/** Sandboxes as child processes of this one, each of them for one lease. */
export const processSandbox = (options: ProcessSandboxOptions): Sandbox & { close(): Promise<void> } => {
  const root = join(options.dataDir, 'sandboxes');
  const cleaned = removeLeftovers(root);
  const held = new Map<string, Promise<Held>>();
  const all = new Set<SandboxProcess>();
  let ready: Promise<SandboxProcess>[] = [];
  let closing = false;

  const start = async (): Promise<SandboxProcess> => {
    await cleaned;
    const python = await (typeof options.python === 'function' ? options.python() : options.python);
    if (closing) throw new Failure('SANDBOX_UNAVAILABLE', 'The service is stopping.');
    const sandbox = await startSandboxProcess({ ...options, root, python });
    all.add(sandbox);
    return sandbox;
  };
  const fill = (): void => {
    while (!closing && ready.length < options.warm) {
      const starting = start();
      ready.push(starting);
      // The one who asks for a sandbox tries again and is told; here it is only known that none is ready.
      starting.catch((error: unknown) => {
        ready = ready.filter((other) => other !== starting);
        options.log?.warn('no sandbox could be made ready', { reason: toFailure(error).message });
      });
    }
  };
  const take = async (): Promise<SandboxProcess> => {
    for (let next = ready.shift(); next; next = ready.shift()) {
      const sandbox = await next.catch(() => undefined);
      if (sandbox?.lives()) return sandbox;
    }
    return start();
  };
  const end = async (sandbox: SandboxProcess): Promise<void> => {
    await sandbox.end();
    all.delete(sandbox);
  };

  fill();
  return {
    acquire: async (tenant, run_id) => {
      const key = `${tenant}/${run_id}`;
      // A retried acquire gets the sandbox that the first one got, or is getting.
      for (let known = held.get(key); known; known = held.get(key)) {
        const found = await known.catch(() => undefined);
        if (found?.sandbox.lives()) return found.lease;
        if (held.get(key) === known) held.delete(key);
        if (found) await end(found.sandbox);
      }
      const made = take().then((sandbox): Held => {
        const { id: lease_id, address, token } = sandbox;
        return { lease: { tenant, run_id, lease_id, address, token }, sandbox };
      });
      held.set(key, made);
      return (await made).lease;
    },
    call: callSupervisor,
    release: async (lease) => {
      const key = `${lease.tenant}/${lease.run_id}`;
      const found = await held.get(key)?.catch(() => undefined);
      if (!found || found.lease.token !== lease.token) return;
      held.delete(key);
      await end(found.sandbox);
      // Now, not at the acquire: starting one takes two seconds of CPU that the run which has just begun needs itself.
      fill();
    },
    close: async () => {
      closing = true;
      await Promise.allSettled([...ready, ...held.values()]);
      await Promise.all([...all].map(end));
      held.clear();
      ready = [];
    },
  };
};
