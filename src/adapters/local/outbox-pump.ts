import type { Message } from '../../contracts/message.ts';
import { toFailure } from '../../contracts/failure.ts';
import { realSleep, type Time } from './asl/time.ts';
import type { Outbox, OutboxMessage } from './stores/sqlite-outbox.ts';

/** What the pump is made of. */
export type OutboxPumpOptions = {
  readonly outbox: Omit<Outbox, 'add'>;
  readonly publish: (message: Message) => Promise<void>;
  /** Has all deliveries tried that are due, beside the publishing, which slow receivers must not hold up. */
  readonly deliver: () => Promise<void>;
  readonly sleep?: Time['sleep'];
  /** Is told of what cannot be read, and is set aside until the next start. */
  readonly onUnreadable: (number: number, thrown: unknown) => void;
  /** Is told what went wrong; the pump goes on. */
  readonly onError: (thrown: unknown) => void;
};

/** What takes messages out of the outbox of this machine. */
export type OutboxPump = {
  /** From now on publishes what is written, and looks for due deliveries once a minute. */
  start(): void;
  /** Publishes what lies there still, and ends. */
  stop(): Promise<void>;
};

/** Other processes write into the outbox, too: it is looked at, which takes a few microseconds where it is empty. */
const everyMilliseconds = 1_000;
const deliverEveryMilliseconds = 60_000;
/** After something went wrong. */
const pauseMilliseconds = 30_000;
const perRound = 100;

/**
 * Publishes the messages of the outbox, the oldest first, and removes each once it is published: a message is published at least
 * once, and again where the process dies in between, with the same id. Several processes may pump at once. One that cannot be read
 * is set aside, and looked at again when a service starts.
 */
export const outboxPump = (options: OutboxPumpOptions): OutboxPump => {
  const { outbox, publish, sleep = realSleep } = options;
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  const publishAll = async (): Promise<void> => {
    for (let found = outbox.list(perRound); found.length > 0; found = outbox.list(perRound))
      for (const waiting of found) {
        const message = readOrSetAside(waiting);
        if (message === undefined) continue;
        await publish(message);
        outbox.remove([waiting.number]);
      }
  };

  /** Reading is nothing but parsing: what fails now fails for ever, and those behind it do not wait for it. */
  const readOrSetAside = ({ number, read }: OutboxMessage): Message | undefined => {
    try {
      return read();
    } catch (thrown) {
      outbox.setAside(number, toFailure(thrown).message);
      options.onUnreadable(number, thrown);
      return undefined;
    }
  };

  const run = async (): Promise<void> => {
    let slept = deliverEveryMilliseconds;
    while (!stopping.signal.aborted) {
      let pause = everyMilliseconds;
      const attempt = async (work: () => Promise<void>): Promise<void> => {
        try {
          await work();
        } catch (thrown) {
          options.onError(thrown);
          pause = pauseMilliseconds;
        }
      };
      await attempt(publishAll);
      // What is owed already does not wait for a message that cannot be published.
      if (slept >= deliverEveryMilliseconds) {
        slept = 0;
        await attempt(options.deliver);
      }
      await sleep(pause, stopping.signal).catch(() => undefined);
      slept += pause;
    }
  };

  return {
    start: () => {
      if (loop !== undefined) return;
      outbox.takeBack();
      loop = run();
    },
    stop: async () => {
      stopping.abort();
      await loop;
      await publishAll().catch(options.onError);
    },
  };
};
