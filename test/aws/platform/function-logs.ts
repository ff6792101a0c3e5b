import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';

/** What functions print, on its way into their log group. */
export type FunctionLogs = {
  write(functionName: string, logGroup: string, line: string): void;
  /** Resolves when all that was written until now can be read. */
  flush(): Promise<void>;
};

type Line = { readonly logGroup: string; readonly logStream: string; readonly at: number; readonly message: string };

/** Sends each function's lines to a stream of its own, as Lambda does. */
export const createFunctionLogs = (client: () => CloudWatchLogsClient): FunctionLogs => {
  const streams = new Set<string>();
  let waiting: Line[] = [];
  let sending: Promise<void> = Promise.resolve();

  const send = async (lines: readonly Line[]): Promise<void> => {
    for (const [logStreamName, own] of Object.entries(Object.groupBy(lines, ({ logStream }) => logStream))) {
      const logGroupName = own?.[0]?.logGroup ?? '';
      if (!streams.has(logStreamName)) {
        await client().send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
        streams.add(logStreamName);
      }
      const logEvents = (own ?? []).map(({ at, message }) => ({ timestamp: at, message }));
      await client().send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    }
  };

  return {
    write: (functionName, logGroup, line) => {
      if (line === '') return;
      waiting.push({ logGroup, logStream: `2026/[$LATEST]${functionName}`, at: Date.now(), message: line });
    },
    flush: () => {
      sending = sending.then(async () => {
        const lines = waiting;
        waiting = [];
        if (lines.length > 0) await send(lines);
      });
      return sending;
    },
  };
};
