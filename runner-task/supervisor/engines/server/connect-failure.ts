import type { Advice } from '../../../../src/contracts/advice.ts';
import type { ServerTarget } from '../../../../src/contracts/sandbox.ts';
import { cloudAddressCode } from './open-socket.ts';

/** How long a server may take to answer. */
export const connectSeconds = 15;

/** Where a server listens, as messages name it. */
export const placeOf = ({ host, port }: Pick<ServerTarget, 'host' | 'port'>): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Why no server answered, from the operating system's code; undefined where the code says something else. */
export const networkProblem = (target: ServerTarget, code: string | undefined): string | undefined => {
  const where = placeOf(target);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host ${target.host} is not known here. Check how it is written, and the DNS.`;
    case 'ECONNREFUSED':
      return `Nothing takes connections at ${where}. Check host and port, and that the server runs.`;
    case cloudAddressCode:
      return `${where} is, or leads to, an address at which a cloud serves its machines (as 169.254.169.254 does), and no database is opened there. Name the host of the database.`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `There is no way from here to ${where}. Check the host, and the network’s routes.`;
    case 'ETIMEDOUT':
      return `${where} did not answer within ${connectSeconds} s. Check host and port, and the firewalls and security groups on the way.`;
    default:
      return undefined;
  }
};

/** What a network and an operating system say of a server that restarts, its host with it or not. */
const passing = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EAI_AGAIN']);

/** In how many seconds another try may go well, from the operating system's code; undefined where that says something else. */
export const retryAfter = (code: string | undefined): number | undefined =>
  code !== undefined && passing.has(code) ? 1 : undefined;

/**
 * What lets a deployment reach a server that did not answer: in a network that is closed, a name that is not known is one that
 * may not be asked for, and silence is a way that is not open. Said everywhere; it is nothing to a service on one machine.
 */
export const networkAdvice = ({ host, port }: ServerTarget, code: string | undefined): Advice | undefined => {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { kind: 'open_egress', setting: 'databaseHosts', value: host };
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return {
        kind: 'open_egress',
        setting: 'databases',
        value: `the addresses or the security group of ${host} with port ${port} (as in 10.0.8.0/24:${port})`,
      };
    default:
      return undefined;
  }
};

/** What is said of a server whose catalogs answer in another way than such a server's do. */
export const notUnderstood = (target: ServerTarget, server: string): string =>
  `${placeOf(target)} answered a question about itself in a way that no ${server} server does. Check that it is one, and not something that only speaks its protocol.`;

/** What is said of a server without TLS where the connection asks for it. */
export const noTls = (target: ServerTarget): string =>
  `${placeOf(target)} offers no TLS, and sslmode=${target.tls} asks for it. Turn TLS on at the server, or set sslmode=prefer where the network is trusted.`;

/** What is wrong with a server's certificate, and what to do. `reason` is TLS's own word for it. */
export const certificateProblem = (
  target: ServerTarget,
  problem: 'other name' | 'not valid now' | 'unknown signer',
  reason: string,
): string => {
  const certificate = `The certificate of ${placeOf(target)}`;
  switch (problem) {
    case 'other name':
      return `${certificate} is for another name: ${reason}. Write the host as the certificate names it, or set sslmode=verify-ca, which checks only who signed it.`;
    case 'not valid now':
      return `${certificate} is not valid now: ${reason}. Renew it on the server.`;
    case 'unknown signer':
      return `${certificate} is signed by nobody trusted here: ${reason}. ${
        target.ca === undefined
          ? 'Give the signer’s certificate as sslrootcert.'
          : 'The sslrootcert that was given did not sign it: give the one that did.'
      }`;
  }
};
