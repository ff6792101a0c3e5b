/** Room for so many tries at once: of all receivers, and of each. */
export type SendingRoom = {
  /** Does the work for a receiver once there is room. Who came first begins first; one whose receiver is busy lets others pass. */
  run<T>(receiver: string, work: () => Promise<T>): Promise<T>;
};

/** Makes room for tries. */
export const createSendingRoom = ({ all, each }: { readonly all: number; readonly each: number }): SendingRoom => {
  const waiting: { readonly receiver: string; readonly begin: () => void }[] = [];
  const busy = new Map<string, number>();
  let total = 0;

  const begin = (): void => {
    while (total < all) {
      const next = waiting.findIndex(({ receiver }) => (busy.get(receiver) ?? 0) < each);
      const [one] = next === -1 ? [] : waiting.splice(next, 1);
      if (one === undefined) return;
      total += 1;
      busy.set(one.receiver, (busy.get(one.receiver) ?? 0) + 1);
      one.begin();
    }
  };
  const end = (receiver: string): void => {
    total -= 1;
    const left = (busy.get(receiver) ?? 1) - 1;
    if (left === 0) busy.delete(receiver);
    else busy.set(receiver, left);
    begin();
  };

  return {
    async run(receiver, work) {
      const begun = new Promise<void>((resolve) => void waiting.push({ receiver, begin: resolve }));
      begin();
      await begun;
      try {
        return await work();
      } finally {
        end(receiver);
      }
    },
  };
};
