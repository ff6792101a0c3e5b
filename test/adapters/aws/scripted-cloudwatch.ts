import { once } from 'node:events';
import { createServer } from 'node:http';
import type { LogEntry } from '../../../src/contracts/log-entry.ts';
import { fitsFilterPattern } from '../../support/fits-filter-pattern.ts';

/** An event as CloudWatch Logs gives it. */
type Event = { readonly timestamp: number; readonly eventId: string; readonly message: string };

/** What FilterLogEvents is asked. */
type Asked = { readonly startTime?: number; readonly filterPattern?: string; readonly nextToken?: string };

/**
 * FilterLogEvents of one log group on a loopback port, by its documentation: JSON patterns of `$.field = "text"` with `&&`,
 * `||` and `*`, the order of time alone, small pages with a token, pages that are empty although there are more.
 */
export const startScriptedCloudwatch = async (options: { readonly searchedAtOnce: number }) => {
  const events: Event[] = [];
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Asked & { readonly logGroupName: string };
      const known = body.logGroupName === 'functions';
      response.writeHead(known ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
      if (!known) {
        response.end(JSON.stringify({ __type: 'ResourceNotFoundException', message: 'no such group' }));
        return;
      }
      asked.push(body);
      response.end(JSON.stringify(filter(body)));
    });
  });

  const filter = ({ startTime = 0, filterPattern = '', nextToken = '0' }: Asked) => {
    const searched = events.filter(({ timestamp }) => timestamp >= startTime).toSorted(byTime);
    const from = Number(nextToken);
    const to = from + options.searchedAtOnce;
    return {
      events: searched.slice(from, to).filter(({ message }) => fitsFilterPattern(filterPattern, message)),
      ...(to < searched.length ? { nextToken: String(to) } : {}),
    };
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    asked: asked as readonly Asked[],
    /** A line as a function prints it. Its id counts up, as CloudWatch's do within a stream. */
    print({ tenant, run_id, at, level, message, fields }: LogEntry): void {
      const line = {
        level,
        message,
        timestamp: at,
        service: 'surveyor',
        ...fields,
        tenant,
        run_id,
        xray_trace_id: '1-2',
      };
      this.printText(Date.parse(at), JSON.stringify(line));
    },
    printText(timestamp: number, message: string): void {
      events.push({ timestamp, eventId: String(events.length + 1).padStart(56, '3'), message });
    },
    stop: async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

/** Within a millisecond in no order that a client may rely on: here the reverse. */
const byTime = (a: Event, b: Event): number => a.timestamp - b.timestamp || (a.eventId < b.eventId ? 1 : -1);
