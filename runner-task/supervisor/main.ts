import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { awaitListener } from './connect-kernel.ts';
import { createSupervisorServer } from './http-server.ts';
import { watchLease } from './lease-watch.ts';
import { closeInherited } from './close-inherited.ts';
import { createOperations } from './operations.ts';
import {
  certificateFromEnvironment,
  settingsFromEnvironment,
  settingsFromInput,
  withoutCertificate,
} from './read-settings.ts';

/**
 * The supervisor of one sandbox, and so of one lease. It prints one line when it listens. It reads its settings from the
 * first line of standard input and ends, with everything below it, when that does; with `--settings-from=environment`,
 * for a container that has no standard input, from SURVEYOR_SUPERVISOR_SETTINGS, and ends at SIGTERM. At a port it speaks TLS
 * alone, with the key and certificate of SURVEYOR_SUPERVISOR_TLS.
 */

/** Pulling an image for the second container is not waited for: a task has its images before it starts. */
const listenerSeconds = 30;

closeInherited(3);
const { values } = parseArgs({ options: { 'settings-from': { type: 'string' }, 'own-mounts': { type: 'boolean' } } });
const lines = values['settings-from'] === 'environment' ? undefined : createInterface({ input: process.stdin });
// Both are taken out of the environment before anything is started that could inherit it.
const certificate = certificateFromEnvironment(process.env);
const settings = lines ? await settingsFromInput(lines) : settingsFromEnvironment(process.env);

let close = (): void => undefined;
const end = (): never => {
  close();
  process.exit();
};
lines?.on('close', end);
process.on('SIGTERM', end).on('SIGINT', end);

if (!('socket' in settings.listen) && certificate === undefined) throw withoutCertificate();
if (settings.kernel_socket !== undefined) await awaitListener(settings.kernel_socket, listenerSeconds);
const operations = createOperations(settings, values['own-mounts']);
close = () => operations.close();
const lapse = (): never => {
  process.stderr.write(`No call came for ${settings.lease_seconds} s: the lease has lapsed.\n`);
  return end();
};
// A task is started for its lease; what a service keeps ready is not.
const lease = watchLease(settings.lease_seconds, lapse, lines === undefined);
const server = createSupervisorServer({ token_sha256: settings.token_sha256, certificate }, operations, lease);

server.listen('socket' in settings.listen ? { path: settings.listen.socket } : settings.listen);
await once(server, 'listening');
const address = server.address();
process.stdout.write(
  `${JSON.stringify({ ready: true, address: typeof address === 'string' ? address : address?.port })}\n`,
);
