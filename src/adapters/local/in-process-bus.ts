import type { Message } from '../../contracts/message.ts';
import type { Bus } from '../../ports/bus.ts';

/** A bus within one process: whoever listens is told of each message, and what a listener throws is for it alone. */
export type InProcessBus = Bus & {
  /** Ends with the call of what it answers. */
  listen(listener: (message: Message) => void): () => void;
};

/** Makes a bus. */
export const inProcessBus = (onError: (thrown: unknown) => void): InProcessBus => {
  const listeners = new Set<(message: Message) => void>();
  return {
    async put(messages) {
      for (const message of messages)
        for (const listener of listeners) {
          try {
            listener(message);
          } catch (thrown) {
            onError(thrown);
          }
        }
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
