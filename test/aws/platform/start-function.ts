import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type FunctionReply, type FunctionRequest, loaded } from './function-process.ts';

/** A warm process of one function; it answers one call at a time. */
export type RunningFunction = {
  /** Resolves when its code is loaded, or its process has ended. */
  readonly loaded: Promise<unknown>;
  /** Resolves with the reply, or with the words for how the process ended instead. */
  call(request: FunctionRequest): Promise<FunctionReply | { readonly exit: string }>;
  /** Ends the process at once, in the middle of whatever it does. */
  kill(): Promise<void>;
};

/** Starts a process of a function with exactly this environment. Each line that it prints is handed on. */
export const startFunction = (
  environment: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): RunningFunction => {
  const child = fork(join(import.meta.dirname, 'function-process.ts'), {
    cwd: environment['LAMBDA_TASK_ROOT'],
    env: environment,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface(stream).on('line', onLine);
  const ended = Promise.withResolvers<{ readonly exit: string }>();
  child.once('exit', (code, signal) =>
    ended.resolve({ exit: signal === null ? `exit status ${code}` : `signal: ${signal}` }),
  );
  const ready = new Promise((resolve) =>
    child.on('message', (sent) => {
      if (sent === loaded) resolve(sent);
    }),
  );
  return {
    loaded: Promise.race([ready, ended.promise]),
    call: async (request) => {
      const reply = new Promise<FunctionReply>((resolve) =>
        child.once('message', (sent) => resolve(sent as FunctionReply)),
      );
      // An error means that the process has ended, which `ended` tells.
      child.send(request, () => undefined);
      return Promise.race([reply, ended.promise]);
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
};
