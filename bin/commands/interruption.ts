import { constants } from 'node:os';
import { Failure } from '../../src/contracts/failure.ts';

/** Signals that ask a command to end. */
export type Interruption = {
  /** Aborted by the first one; the reason is a RUN_CANCELLED. */
  readonly signal: AbortSignal;
  /** Resolves when the first one has come. */
  readonly happened: Promise<void>;
  /** The exit code that shells expect after the first one: 130 after Ctrl-C. */
  readonly exitCode: () => number;
  dispose(): void;
};

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes on the Ctrl-C that the terminal has already sent to everybody: within a second, two signals are one. */
const sameMilliseconds = 1_000;

/** Takes over Ctrl-C and its like, so that a command can clean up first. A second one, later, ends the process at once. */
export const interruption = (): Interruption => {
  const controller = new AbortController();
  const { promise: happened, resolve } = Promise.withResolvers<void>();
  let since: number | undefined;
  let first: NodeJS.Signals = 'SIGINT';
  const onSignal = (signal: NodeJS.Signals): void => {
    if (since === undefined) first = signal;
    if (since !== undefined && Date.now() - since > sameMilliseconds) process.exit(128 + constants.signals[signal]);
    since ??= Date.now();
    controller.abort(new Failure('RUN_CANCELLED', `Stopped by ${signal === 'SIGINT' ? 'Ctrl-C' : signal}.`));
    resolve();
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    happened,
    exitCode: () => 128 + constants.signals[first],
    dispose: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
};
