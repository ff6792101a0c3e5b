import type { Credential } from '../src/contracts/caller.ts';
import { toFailure } from '../src/contracts/failure.ts';
import type { Using } from '../src/ports/port-access.ts';

/** Notes that a key was used, for who looks whether it still is. A request is answered where this cannot be written, too. */
export const noteUse = async (ports: Using<{ apiKeys: 'use' }, 'clock' | 'log'>, { hash }: Credential): Promise<void> =>
  ports.apiKeys.noteUse(hash, ports.clock.now().toISOString()).catch((thrown: unknown) => {
    ports.log.warn('use of an API key not noted', { reason: toFailure(thrown).message });
  });
