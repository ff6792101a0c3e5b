import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { IsolationLevel } from '../../contracts/isolation.ts';
import { Failure, toFailure } from '../../contracts/failure.ts';
import type { Lease, LeaseHolder } from '../../contracts/sandbox.ts';
import type { Log } from '../../ports/log.ts';
import type { Sandbox, Taken } from '../../ports/sandbox.ts';
import { callSupervisor } from '../sandbox-client.ts';
import { removeLeftovers } from './sandbox-folders.ts';
import {
  startSandboxProcess,
  type SandboxFolderRules,
  type SandboxMemory,
  type SandboxProcess,
} from './sandbox-process.ts';
import { newSandboxQueue, type SandboxPlace } from './sandbox-queue.ts';
import { wholeMilliseconds } from '../../contracts/whole-milliseconds.ts';

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
  /** The longest that a take waits before it says how far the holder is. */
  readonly pollSeconds?: number | undefined;
  /** Who has not asked for so long loses its place. */
  readonly forgetSeconds?: number | undefined;
  readonly log?: Log | undefined;
  readonly kernelDir?: string | undefined;
  readonly memory?: SandboxMemory | undefined;
  readonly folders?: SandboxFolderRules | undefined;
  /** Where objects are fetched from, in the place of S3. */
  readonly objectOrigin?: string | undefined;
  /** The weakest jail that is good enough; any where it is not said. */
  readonly isolation?: IsolationLevel | undefined;
  /** A lease lapses when no call came for so long. */
  readonly leaseSeconds?: number | undefined;
};

/**
 * Two cores and 8 GB are what a sandbox at work fills; four share them while they wait for a model. A holder that still
 * wants one asks again a second after it was told to wait.
 */
const defaults = { most: 4, mostWaiting: 1_000, pollSeconds: 20, forgetSeconds: 180 } as const;

const keyOf = (tenant: string, { kind, id }: LeaseHolder): string => `${tenant}/${kind}/${id}`;

type Held = { readonly lease: Lease; readonly sandbox: SandboxProcess; readonly place: SandboxPlace };

/** What a holder has, or waits for. */
type Holding = {
  readonly tenant: string;
  readonly holder: LeaseHolder;
  readonly attempt: number;
  readonly made: Promise<Held>;
  /** Once it is ready. */
  found?: Held;
  state: 'queued' | 'starting';
  forget?: NodeJS.Timeout | undefined;
};

/** Sandboxes as child processes of this one, each of them for one lease. */
export const processSandbox = (options: ProcessSandboxOptions): Sandbox & { close(): Promise<void> } => {
  const root = join(options.dataDir, 'sandboxes');
  const most = options.most ?? defaults.most;
  const queue = newSandboxQueue({
    most,
    mostWaiting: options.mostWaiting ?? defaults.mostWaiting,
  });
  const pollMilliseconds = (options.pollSeconds ?? defaults.pollSeconds) * 1_000;
  const forgetMilliseconds = (options.forgetSeconds ?? defaults.forgetSeconds) * 1_000;
  const cleaned = removeLeftovers(root);
  /** By tenant and holder. */
  const held = new Map<string, Holding>();
  const making = new Set<Promise<SandboxProcess>>();
  const all = new Set<SandboxProcess>();
  let ready: Promise<SandboxProcess>[] = [];
  let closing = false;

  const launch = async (): Promise<SandboxProcess> => {
    await cleaned;
    const python = await (typeof options.python === 'function' ? options.python() : options.python);
    if (closing) throw new Failure('SANDBOX_UNAVAILABLE', 'The service is stopping.');
    const sandbox = await startSandboxProcess({ ...options, root, python });
    all.add(sandbox);
    return sandbox;
  };
  const start = (): Promise<SandboxProcess> => {
    const starting = launch();
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
  const readyOrNew = async (): Promise<SandboxProcess> => {
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
  const make = async (tenant: string, holder: LeaseHolder, attempt: number, admitted: () => void): Promise<Held> => {
    const place = await queue.enter(tenant, holder);
    admitted();
    try {
      const sandbox = await readyOrNew();
      const { id: lease_id, address, token } = sandbox;
      // One that is killed makes room at once; its holder may hold on to the lease for as long as it likes.
      void sandbox.ended.then(() => end(sandbox)).finally(() => place.giveBack());
      return { lease: { tenant, holder, lease_id, attempt, address, token }, sandbox, place };
    } catch (thrown) {
      place.giveBack();
      throw thrown;
    }
  };
  const enter = (tenant: string, holder: LeaseHolder, attempt: number): Holding => {
    const holding: Holding = {
      tenant,
      holder,
      attempt,
      state: 'queued',
      made: make(tenant, holder, attempt, () => (holding.state = 'starting')),
    };
    // A failure is kept for who asks next: the holder may not be asking at this moment.
    holding.made.then(
      (found) => (holding.found = found),
      () => undefined,
    );
    held.set(keyOf(tenant, holder), holding);
    return holding;
  };
  /** Ends what a holder has, or is just getting. */
  const drop = async (holding: Holding): Promise<void> => {
    const { tenant, holder, made } = holding;
    clearTimeout(holding.forget);
    if (held.get(keyOf(tenant, holder)) !== holding) return;
    queue.leave(tenant, holder);
    held.delete(keyOf(tenant, holder));
    const found = await made.catch(() => undefined);
    if (found === undefined) return;
    await end(found.sandbox);
    found.place.giveBack();
    // Now, not at the take: starting one takes two seconds of CPU that the run which has just begun needs itself.
    fill();
  };
  /** What the holder has, or a place in the queue: a later attempt's own, and another in place of one that is dead. */
  const find = async (tenant: string, holder: LeaseHolder, attempt: number): Promise<Holding> => {
    const key = keyOf(tenant, holder);
    for (let known = held.get(key); known; known = held.get(key)) {
      if (known.attempt > attempt) throw isEarlier(holder, attempt, known.attempt);
      if (known.attempt === attempt && known.found?.sandbox.lives() !== false) return known;
      await drop(known);
    }
    return enter(tenant, holder, attempt);
  };
  /** What a holding has come to before the end of the poll, if anything. */
  const poll = async ({ made }: Holding): Promise<Held | undefined> => {
    const over = new AbortController();
    const late = wait(pollMilliseconds, undefined, { signal: over.signal }).catch(() => undefined);
    return Promise.race([made, late]).finally(() => over.abort());
  };

  fill();
  return {
    take: async (tenant, holder, attempt): Promise<Taken> => {
      const holding = await find(tenant, holder, attempt);
      const isHeld = (): boolean => held.get(keyOf(tenant, holder)) === holding;
      clearTimeout(holding.forget);
      try {
        const found = (await poll(holding)) ?? holding.found;
        if (!isHeld()) throw hasEnded(holder);
        // Another take of the same holder may have set it in the meantime.
        clearTimeout(holding.forget);
        if (found !== undefined) return { state: 'ready', lease: found.lease };
        holding.forget = setTimeout(() => void drop(holding), wholeMilliseconds(forgetMilliseconds)).unref();
        return { state: holding.state, wait_seconds: 1 };
      } catch (thrown) {
        if (isHeld()) held.delete(keyOf(tenant, holder));
        throw thrown;
      }
    },
    call: callSupervisor,
    release: async (lease) => {
      const known = held.get(keyOf(lease.tenant, lease.holder));
      if (known?.found?.lease.token === lease.token) await drop(known);
    },
    abandon: async (tenant, holder) => {
      const known = held.get(keyOf(tenant, holder));
      if (known) await drop(known);
    },
    sweep: async (lives) => {
      const dropped: Holding[] = [];
      for (const holding of held.values())
        if (!(await lives(holding.tenant, holding.holder))) {
          await drop(holding);
          dropped.push(holding);
        }
      const stopped = dropped.flatMap(({ holder, found }) =>
        found === undefined
          ? []
          : [
              {
                sandbox: found.lease.lease_id,
                started_by: `${holder.kind} ${holder.id}`,
                reason: 'Its holder has ended.',
              },
            ],
      );
      fill();
      return { holders: dropped.length, stopped };
    },
    close: async () => {
      closing = true;
      queue.close();
      await Promise.allSettled(making);
      await Promise.all([...all].map(end));
      for (const { forget } of held.values()) clearTimeout(forget);
      held.clear();
      ready = [];
    },
  };
};

const isEarlier = ({ kind, id }: LeaseHolder, attempt: number, later: number): Failure =>
  new Failure('CONFLICT', `Attempt ${attempt} of ${kind} ${id} asks for a sandbox, but attempt ${later} is under way.`);

const hasEnded = ({ kind, id }: LeaseHolder): Failure =>
  new Failure('RUN_CANCELLED', `The ${kind} ${id} ended while it waited for a sandbox.`);
