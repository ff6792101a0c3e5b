import type { Ports } from '../src/ports/ports.ts';
import type { Stores } from '../src/ports/stores.ts';

/**
 * The ports of a function whose state may end before it does: stopped, or out of time. From then on each call of them
 * fails with the signal's reason, those under way included, so what nobody waits for any more writes nothing over what
 * came after it; the call of the model is ended itself, because it costs money. Only the embedded engine has such a
 * signal: a Lambda function is not told that its state is over, and works on to its end.
 */
export const stopWithSignal = (ports: Ports, signal: AbortSignal): Ports => ({
  ...ports,
  ...stoppingStores(ports, signal),
  documents: stopping(ports.documents, signal),
  reports: stopping(ports.reports, signal),
  evidenceObjects: stopping(ports.evidenceObjects, signal),
  secrets: stopping(ports.secrets, signal),
  webhookSecrets: stopping(ports.webhookSecrets, signal),
  sandbox: stopping(ports.sandbox, signal),
  model: stopping(
    { kind: ports.model.kind, reply: (request) => ports.model.reply({ ...request, signal }) } satisfies Ports['model'],
    signal,
  ),
});

/** Named one by one, so that one which is forgotten does not compile. */
const stoppingStores = (stores: Stores, signal: AbortSignal): Stores => ({
  runs: stopping(stores.runs, signal),
  sessions: stopping(stores.sessions, signal),
  nodeResults: stopping(stores.nodeResults, signal),
  evidence: stopping(stores.evidence, signal),
  steps: stopping(stores.steps, signal),
  leases: stopping(stores.leases, signal),
  connections: stopping(stores.connections, signal),
  idempotencyKeys: stopping(stores.idempotencyKeys, signal),
  requestCounts: stopping(stores.requestCounts, signal),
  apiKeys: stopping(stores.apiKeys, signal),
  schedules: stopping(stores.schedules, signal),
  webhooks: stopping(stores.webhooks, signal),
  deliveries: stopping(stores.deliveries, signal),
});

/** A port, all of whose methods answer with promises. */
const stopping = <T extends object>(port: T, signal: AbortSignal): T =>
  new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]) =>
        unlessAborted(signal, () => Reflect.apply(member, target, args) as Promise<unknown>);
    },
  });

const unlessAborted = <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    signal.throwIfAborted();
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
