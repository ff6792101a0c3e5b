import { join } from 'node:path';
import type { IsolationLevel } from '../../contracts/isolation.ts';
import { Failure, toFailure } from '../../contracts/failure.ts';
import type { Lease, LeaseHolder } from '../../contracts/sandbox.ts';
import type { Log } from '../../ports/log.ts';
import type { Sandbox } from '../../ports/sandbox.ts';
import { callSupervisor } from '../sandbox-client.ts';
import { removeLeftovers } from './sandbox-folders.ts';
import {
  startSandboxProcess,
  type SandboxFolderRules,
  type SandboxMemory,
  type SandboxProcess,
} from './sandbox-process.ts';
import { newSandboxQueue, type SandboxPlace } from './sandbox-queue.ts';

/** How the sandboxes of this machine are made. */
export type ProcessSandboxOptions = {
  readonly dataDir: string;
  /** The interpreter of the kernel's environment, or how to come by it when it is first needed. */
  readonly python: string | Promise<string> | (() => Promise<string>);
  /** Sandboxes kept ready, so that a run need not wait for one to start. */
  readonly warm: number;
  /** Sandboxes at once, the ready ones included. */
  readonly most?: number | undefined;
  readonly mostWaiting?: number | undefined;
  readonly waitSeconds?: number | undefined;
  readonly log?: Log | undefined;
  readonly kernelDir?: string | undefined;
  readonly memory?: SandboxMemory | undefined;
  readonly folders?: SandboxFolderRules | undefined;
  /** The weakest jail that is good enough; any where it is not said. */
  readonly isolation?: IsolationLevel | undefined;
  /** A lease lapses when no call came for so long. */
  readonly leaseSeconds?: number | undefined;
};

/**
 * Two cores and 8 GB are what a sandbox at work fills; four share them while they wait for a model. The state that waits
 * has 900 s, of which the database's opening needs some.
 */
const defaults = { most: 4, mostWaiting: 1_000, waitSeconds: 720 } as const;

const keyOf = (tenant: string, { kind, id }: LeaseHolder): string => `${tenant}/${kind}/${id}`;

type Held = { readonly lease: Lease; readonly sandbox: SandboxProcess; readonly place: SandboxPlace };

/** Sandboxes as child processes of this one, each of them for one lease. */
export const processSandbox = (options: ProcessSandboxOptions): Sandbox & { close(): Promise<void> } => {
  const root = join(options.dataDir, 'sandboxes');
  const most = options.most ?? defaults.most;
  const queue = newSandboxQueue({
    most,
    mostWaiting: options.mostWaiting ?? defaults.mostWaiting,
    waitSeconds: options.waitSeconds ?? defaults.waitSeconds,
  });
  const cleaned = removeLeftovers(root);
  /** By tenant and holder: what each has, or is about to get. */
  const held = new Map<string, Promise<Held>>();
  const making = new Set<Promise<SandboxProcess>>();
  const all = new Set<SandboxProcess>();
  let ready: Promise<SandboxProcess>[] = [];
  let closing = false;

  const make = async (): Promise<SandboxProcess> => {
    await cleaned;
    const python = await (typeof options.python === 'function' ? options.python() : options.python);
    if (closing) throw new Failure('SANDBOX_UNAVAILABLE', 'The service is stopping.');
    const sandbox = await startSandboxProcess({ ...options, root, python });
    all.add(sandbox);
    return sandbox;
  };
  const start = (): Promise<SandboxProcess> => {
    const starting = make();
    making.add(starting);
    const made = (): boolean => making.delete(starting);
    starting.then(made, made);
    return starting;
  };
  const fill = (): void => {
    while (!closing && ready.length < options.warm && queue.taken + ready.length < most) {
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
      if (sandbox) await end(sandbox);
    }
    return start();
  };
  const end = async (sandbox: SandboxProcess): Promise<void> => {
    await sandbox.end().catch((error: unknown) => {
      // Its processes are gone; the next start of the service removes the folder.
      options.log?.warn('a sandbox left its folder behind', { reason: toFailure(error).message });
    });
    all.delete(sandbox);
  };
  const hold = async (tenant: string, holder: LeaseHolder): Promise<Held> => {
    const place = await queue.enter(tenant, holder);
    try {
      const sandbox = await take();
      const { id: lease_id, address, token } = sandbox;
      // One that is killed makes room at once; its holder may hold on to the lease for as long as it likes.
      void sandbox.ended.then(() => end(sandbox)).finally(() => place.giveBack());
      return { lease: { tenant, holder, lease_id, address, token }, sandbox, place };
    } catch (thrown) {
      place.giveBack();
      throw thrown;
    }
  };
  /** Ends what a holder has, or is just getting. */
  const drop = async (key: string, known: Promise<Held>): Promise<void> => {
    held.delete(key);
    const found = await known.catch(() => undefined);
    if (found === undefined) return;
    await end(found.sandbox);
    found.place.giveBack();
    // Now, not at the acquire: starting one takes two seconds of CPU that the run which has just begun needs itself.
    fill();
  };

  fill();
  return {
    acquire: async (tenant, holder) => {
      const key = keyOf(tenant, holder);
      // A retried acquire gets the sandbox that the first one got, or is getting.
      for (let known = held.get(key); known; known = held.get(key)) {
        const found = await known.catch(() => undefined);
        if (found?.sandbox.lives()) return found.lease;
        if (held.get(key) === known) held.delete(key);
        if (found) await end(found.sandbox);
      }
      const made = hold(tenant, holder);
      held.set(key, made);
      made.catch(() => held.get(key) === made && held.delete(key));
      return (await made).lease;
    },
    call: callSupervisor,
    release: async (lease) => {
      const key = keyOf(lease.tenant, lease.holder);
      const known = held.get(key);
      const found = await known?.catch(() => undefined);
      if (known && found?.lease.token === lease.token) await drop(key, known);
    },
    abandon: async (tenant, holder) => {
      queue.leave(tenant, holder);
      const key = keyOf(tenant, holder);
      const known = held.get(key);
      if (known) await drop(key, known);
    },
    close: async () => {
      closing = true;
      queue.close();
      await Promise.allSettled(making);
      await Promise.all([...all].map(end));
      held.clear();
      ready = [];
    },
  };
};
