import type { LeaseHolder } from '../../contracts/sandbox.ts';
import { Failure } from '../../contracts/failure.ts';

/** How many sandboxes there may be, and how many holders may wait for one. */
export type SandboxQueueOptions = { readonly most: number; readonly mostWaiting: number };

/** The right to have one sandbox; given back once, by whoever has seen the sandbox's end. */
export type SandboxPlace = { giveBack(): void };

/** Who gets the next sandbox: tenants take turns, and what one tenant runs comes in its order. */
export type SandboxQueue = {
  /** A place, as soon as it is the holder's turn. Fails with SANDBOX_UNAVAILABLE where too many wait. */
  enter(tenant: string, holder: LeaseHolder): Promise<SandboxPlace>;
  /** The holder waits no longer: its `enter` fails with RUN_CANCELLED. */
  leave(tenant: string, holder: LeaseHolder): void;
  /** Lets nobody wait any more, and nobody in. */
  close(): void;
  readonly taken: number;
};

type Waiting = {
  readonly holder: LeaseHolder;
  readonly admit: () => void;
  readonly refuse: (failure: Failure) => void;
};

/** A queue in which nobody waits, before an empty pool. */
export const newSandboxQueue = ({ most, mostWaiting }: SandboxQueueOptions): SandboxQueue => {
  /** By tenant; the one whose turn is next stands first. */
  const queues = new Map<string, Waiting[]>();
  let taken = 0;
  let closed = false;

  const take = (): SandboxPlace => {
    taken += 1;
    let given = false;
    return {
      giveBack: () => {
        if (given) return;
        given = true;
        taken -= 1;
        admit();
      },
    };
  };

  const admit = (): void => {
    for (const [tenant, queue] of queues) {
      if (taken >= most) return;
      // To the end of the round, if more of its runs wait.
      queues.delete(tenant);
      const next = queue.shift();
      if (queue.length > 0) queues.set(tenant, queue);
      next?.admit();
    }
  };

  const remove = (tenant: string, unwanted: (waiting: Waiting) => boolean): readonly Waiting[] => {
    const queue = queues.get(tenant) ?? [];
    const kept = queue.filter((waiting) => !unwanted(waiting));
    if (kept.length === 0) queues.delete(tenant);
    else queues.set(tenant, kept);
    return queue.filter(unwanted);
  };

  const waiting = (): number => [...queues.values()].reduce((sum, queue) => sum + queue.length, 0);

  return {
    enter(tenant, holder) {
      if (closed) return Promise.reject(stopping());
      if (taken < most && queues.size === 0) return Promise.resolve(take());
      const before = waiting();
      if (before >= mostWaiting) return Promise.reject(tooMany(before, most));
      return new Promise((resolve, reject) => {
        const self: Waiting = { holder, admit: () => resolve(take()), refuse: reject };
        queues.set(tenant, [...(queues.get(tenant) ?? []), self]);
      });
    },
    leave(tenant, { kind, id }) {
      const failure = new Failure('RUN_CANCELLED', `The ${kind} ${id} ended while it waited for a sandbox.`);
      const isIt = ({ holder }: Waiting): boolean => holder.kind === kind && holder.id === id;
      for (const one of remove(tenant, isIt)) one.refuse(failure);
    },
    close() {
      closed = true;
      for (const tenant of queues.keys()) for (const one of remove(tenant, () => true)) one.refuse(stopping());
    },
    get taken() {
      return taken;
    },
  };
};

const tooMany = (waiting: number, most: number): Failure =>
  new Failure(
    'SANDBOX_UNAVAILABLE',
    `${waiting} runs wait for one of the ${most} sandboxes, which is the most that may. ` +
      'Start fewer runs at once, or let there be more sandboxes with SURVEYOR_SANDBOXES.',
  );

const stopping = (): Failure =>
  new Failure('SANDBOX_UNAVAILABLE', 'The service is stopping and gives out no sandbox. Start it, then try again.');
