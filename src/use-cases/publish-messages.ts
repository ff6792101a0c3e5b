import { toFailure } from '../contracts/failure.ts';
import { measuredLines } from '../contracts/measured-lines.ts';
import type { RunChange } from '../ports/run-changes.ts';
import { messagesOfChange } from '../domain/messages/messages-of-change.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { publishMessage } from './publish-message.ts';

/** What a stream is answered: the first change that could not be handled. It sends that one and all behind it again. */
export type StreamAnswer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };

/**
 * Publishes what changes of runs tell, in their order. Those behind one that fails wait for it; for one that cannot be read they do not,
 * since it would fail for two hours and be given up all the same.
 */
export const publishMessages = async (ports: PortsOf<'publish-messages'>, event: unknown): Promise<StreamAnswer> => {
  for (const change of ports.runChanges.of(event)) {
    try {
      const stored = readOrPassOver(ports, change);
      if (stored === undefined) continue;
      for (const message of messagesOfChange(stored.before, stored.after)) await publishMessage(ports, message);
    } catch (thrown) {
      ports.log.error('message not published', { change: change.id, error: toFailure(thrown) });
      return { batchItemFailures: [{ itemIdentifier: change.id }] };
    }
  }
  return { batchItemFailures: [] };
};

const readOrPassOver = (ports: PortsOf<'publish-messages'>, change: RunChange): ReturnType<RunChange['read']> => {
  try {
    return change.read();
  } catch (thrown) {
    const told = { change: change.id, error: toFailure(thrown), reason: 'The change cannot be read.' };
    ports.log.error(measuredLines.deliveryFailed, told);
    return undefined;
  }
};
