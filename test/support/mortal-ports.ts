import { Failure } from '../../src/contracts/failure.ts';
import type { LoopPorts } from './agent-loop.ts';

/** How a process comes to its end in the middle of its work. */
export type Death = 'killed' | 'cancelled';

/** Ports of a process that may end at any moment: what it asks for afterwards never happens. */
export type MortalPorts = {
  readonly ports: LoopPorts;
  /** Settles when it has ended. */
  readonly ended: Promise<void>;
  readonly end: () => void;
};

/** Ports that end by themselves before or after so many writes; undefined where they do not. */
export const mortalPorts = (ports: LoopPorts, death: Death, endsAt: number | undefined): MortalPorts => {
  const controller = new AbortController();
  const ended = Promise.withResolvers<void>();
  let writes = 0;
  const end = (): void => {
    controller.abort(new Failure('RUN_CANCELLED', 'The run was cancelled by request.'));
    ended.resolve();
  };
  const gone = (): Promise<never> =>
    death === 'killed' ? new Promise(() => undefined) : Promise.reject(controller.signal.reason as Error);
  const live = async <T>(work: () => Promise<T>): Promise<T> => {
    if (controller.signal.aborted) return gone();
    // Odd numbers end it before the write is made, even ones after.
    if ((writes += 1) === endsAt) end();
    if (controller.signal.aborted) return gone();
    const result = await work().catch(async (thrown: unknown) =>
      controller.signal.aborted ? gone() : Promise.reject(thrown as Error),
    );
    if ((writes += 1) === endsAt) end();
    return controller.signal.aborted ? gone() : result;
  };
  const watched = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => live(async () => Reflect.apply(member, target, args) as Promise<unknown>);
      },
    });
  const { model } = ports;
  return {
    ports: {
      ...ports,
      sessions: watched(ports.sessions),
      documents: watched(ports.documents),
      model: {
        kind: model.kind,
        reply: (request) => live(() => model.reply({ ...request, signal: controller.signal })),
      },
    },
    ended: ended.promise,
    end,
  };
};
