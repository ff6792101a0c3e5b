import type { PortsOf } from '../../src/ports/port-access.ts';
import { publishMessages, type StreamAnswer } from '../../src/use-cases/publish-messages.ts';

/** Called by the stream of the table, with what was stored of runs. On one machine the outbox's pump does the same. */
export const handler =
  (ports: PortsOf<'publish-messages'>) =>
  (event: unknown): Promise<StreamAnswer> =>
    publishMessages(ports, event);
