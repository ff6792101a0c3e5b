import { toFailure } from '../contracts/failure.ts';
import { messagesOfChange } from '../domain/messages/messages-of-change.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { publishMessage } from './publish-message.ts';

/** What a stream is answered: the first change that could not be handled. It sends that one and all behind it again. */
export type StreamAnswer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };

/** Publishes what changes of runs tell, in their order. Those behind one that fails wait for it. */
export const publishMessages = async (ports: PortsOf<'publish-messages'>, event: unknown): Promise<StreamAnswer> => {
  for (const change of ports.runChanges.of(event)) {
    try {
      const stored = change.read();
      if (stored === undefined) continue;
      for (const message of messagesOfChange(stored.before, stored.after)) await publishMessage(ports, message);
    } catch (thrown) {
      ports.log.error('message not published', { change: change.id, error: toFailure(thrown) });
      return { batchItemFailures: [{ itemIdentifier: change.id }] };
    }
  }
  return { batchItemFailures: [] };
};
