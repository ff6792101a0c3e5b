import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../../../contracts/failure.ts';
import type { SandboxOperation } from '../../../contracts/sandbox.ts';
import type { Sandbox } from '../../../ports/sandbox.ts';
import { callSupervisor } from '../../sandbox-client.ts';
import type { TrustedCertificates } from '../trusted-certificates.ts';

/** A certificate is on the list before any task shows it: what is older than this is asked for again. */
const listMilliseconds = 5 * 60_000;
/** A task runs before its supervisor listens, which waits up to 30 s for the other container. */
const listeningMilliseconds = 40_000;
const againMilliseconds = 500;
/** A holder’s first call; later ones find a supervisor, or none any more. */
const firstCalls: ReadonlySet<SandboxOperation> = new Set(['open']);

/** Of OpenSSL’s words those that say: this certificate is not one of yours. The handshake has failed, so nothing was sent. */
const untrusted = /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:GET|VERIFY)_.*)$/;

const codeOf = (thrown: unknown): string => {
  const cause = thrown instanceof Failure ? thrown.cause : undefined;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
};

/** Calls the supervisors of a deployment's tasks, from within their network. */
export const fargateCalls = (own: { readonly list: TrustedCertificates }): Pick<Sandbox, 'call'> => {
  let known: { readonly at: number; readonly certificates: Promise<readonly string[]> } | undefined;
  const certificates = (newerThan: number): Promise<readonly string[]> => {
    if (known === undefined || known.at <= newerThan) {
      const asked = own.list.read().then((list) => list.map(({ certificate }) => certificate));
      known = { at: Date.now(), certificates: asked };
      // What could not be read is asked for again by the next call.
      asked.catch(() => (known = undefined));
    }
    return known.certificates;
  };

  return {
    async call(lease, operation, input) {
      const until = Date.now() + listeningMilliseconds;
      let newerThan = Date.now() - listMilliseconds;
      let reloaded = false;
      for (;;) {
        const trusted = await certificates(newerThan);
        try {
          return await callSupervisor(lease, operation, input, trusted);
        } catch (thrown) {
          const code = codeOf(thrown);
          if (untrusted.test(code) && !reloaded) {
            // It was renewed since the list was read.
            reloaded = true;
            newerThan = Date.now();
          } else if (code === 'ECONNREFUSED' && firstCalls.has(operation) && Date.now() < until) {
            await wait(againMilliseconds);
          } else throw thrown;
        }
      }
    },
  };
};
