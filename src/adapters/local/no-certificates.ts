import { Failure } from '../../contracts/failure.ts';
import type { SandboxCertificates } from '../../ports/sandbox-certificates.ts';

const none = async (): Promise<never> => {
  throw new Failure('SETTING_INVALID', 'Sandboxes of this machine are reached at sockets, which need no certificate.');
};

/** There are none on one machine: sandboxes are reached at sockets that are open to their user alone. */
export const noCertificates: SandboxCertificates = {
  trusted: async () => [],
  trust: none,
  served: async () => undefined,
  serve: none,
  create: none,
};
