import type { Message } from '../contracts/message.ts';

/** Where messages are published for whoever listens: at least once each, in no order. */
export type Bus = {
  /** Fails where one of them was not taken; all are then put again. */
  put(messages: readonly Message[]): Promise<void>;
};
