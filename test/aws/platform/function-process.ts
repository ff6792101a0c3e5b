import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The error of a function as Lambda reports it. */
export type FunctionError = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
};

/** What a function's process is sent; `ahead` is by how many milliseconds its clock is before those of all others. */
export type FunctionRequest = {
  readonly event: unknown;
  readonly request_id: string;
  readonly deadline: number;
  readonly ahead: number;
};

/** What it sends when its code is loaded, before it answers anything. */
export const loaded = 'loaded';

/** What it sends back: its result as JSON, or its error. */
export type FunctionReply = { readonly result: string } | { readonly error: FunctionError };

/** A clock that can be set: what a function reads the time from. Answers with how it is set. */
const installClock = (): ((milliseconds: number) => void) => {
  let ahead = 0;
  globalThis.Date = new Proxy(Date, {
    construct: (real, args: readonly unknown[], target) =>
      Reflect.construct(real, args.length === 0 ? [real.now() + ahead] : args, target === Date ? real : target) as Date,
    get: (real, name, receiver): unknown =>
      name === 'now' ? () => real.now() + ahead : Reflect.get(real, name, receiver),
  });
  return (milliseconds) => {
    ahead = milliseconds;
  };
};

/** The process of one function, as Lambda's Node.js runtime is: loads the bundle once, then answers call after call. */
const serve = (): void => {
  const environment = process.env;
  const [file = '', name = ''] = (environment['_HANDLER'] ?? '').split('.');
  const realNow = Date.now.bind(Date);
  const setAhead = installClock();
  const loading = import(pathToFileURL(join(environment['LAMBDA_TASK_ROOT'] ?? '', `${file}.mjs`)).href);
  const tellLoaded = (): void => void process.send?.(loaded);
  // What is wrong with the code is told to whoever calls it.
  loading.then(tellLoaded, tellLoaded);
  const reply = (message: FunctionReply): void => void process.send?.(message);
  const answer = async ({ event, request_id, deadline, ahead }: FunctionRequest): Promise<void> => {
    setAhead(ahead);
    try {
      const handler = ((await loading) as Record<string, (event: unknown, context: unknown) => unknown>)[name];
      if (handler === undefined) throw new Error(`The bundle has no ${name}.`);
      const result = await handler(event, {
        awsRequestId: request_id,
        functionName: environment['AWS_LAMBDA_FUNCTION_NAME'],
        functionVersion: '$LATEST',
        memoryLimitInMB: environment['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
        getRemainingTimeInMillis: () => deadline - realNow(),
      });
      reply({ result: JSON.stringify(result) ?? 'null' });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const trace = (error.stack ?? '').split('\n');
      reply({ error: { errorType: error.name, errorMessage: error.message, trace } });
    }
  };
  process.on('message', (message) => void answer(message as FunctionRequest));
  // Who started it may end without saying so.
  process.on('disconnect', () => process.exit());
};

if (process.send !== undefined && process.env['LAMBDA_TASK_ROOT'] !== undefined) serve();
