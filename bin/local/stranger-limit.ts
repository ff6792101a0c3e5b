/** Requests without a valid credential, counted by the address that they come from. */
export type StrangerLimit = {
  /** Seconds until the address is answered again; undefined where it has sent no more than it may. */
  waitOf(address: string): number | undefined;
  /** Counts one that was refused. */
  note(address: string): void;
};

const windowMilliseconds = 60_000;

/** Addresses beyond these count as one: who has many fills no memory with them. */
const maxAddresses = 10_000;
const others = 'others';

/** Lets an address send so many requests a minute without a valid credential; 0 for no limit. Kept in memory: they cost no disk. */
export const strangerLimit = (most: number, now: () => number = Date.now): StrangerLimit => {
  let window = 0;
  let counts = new Map<string, number>();
  const current = (): Map<string, number> => {
    const present = Math.floor(now() / windowMilliseconds);
    if (present !== window) {
      window = present;
      counts = new Map();
    }
    return counts;
  };
  const nameIn = (known: ReadonlyMap<string, number>, address: string): string =>
    known.has(address) || known.size < maxAddresses ? address : others;

  return {
    waitOf(address) {
      const known = current();
      if (most === 0 || (known.get(nameIn(known, address)) ?? 0) < most) return undefined;
      return Math.max(1, Math.ceil(((window + 1) * windowMilliseconds - now()) / 1_000));
    },
    note(address) {
      const known = current();
      const name = nameIn(known, address);
      known.set(name, (known.get(name) ?? 0) + 1);
    },
  };
};
