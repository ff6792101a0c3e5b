import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createSupervisorServer } from './http-server.ts';
import { createOperations } from './operations.ts';
import { SupervisorSettings } from './settings.ts';

/**
 * The supervisor of one sandbox, and so of one lease. It reads its settings from the first line of standard input, prints
 * one line when it listens, and ends, with everything below it, when standard input does.
 */

const lines = createInterface({ input: process.stdin });
const [line] = (await once(lines, 'line')) as [string];
const settings = SupervisorSettings.parse(JSON.parse(line));
const operations = createOperations(settings);
const server = createSupervisorServer(settings.token, operations);

const end = (): never => {
  operations.close();
  process.exit();
};
lines.on('close', end);
process.on('SIGTERM', end).on('SIGINT', end);

server.listen('socket' in settings.listen ? { path: settings.listen.socket } : settings.listen);
await once(server, 'listening');
const address = server.address();
process.stdout.write(
  `${JSON.stringify({ ready: true, address: typeof address === 'string' ? address : address?.port })}\n`,
);
