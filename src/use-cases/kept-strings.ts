import { Failure } from '../contracts/failure.ts';
import { inlineSecretName } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';

/** Where the connection strings are kept that came with the request of a run, until it ends. */
export type KeptStrings = {
  keep(tenant: string, runId: string, source: string, text: string): Promise<void>;
  forget(tenant: string, runId: string, source: string): Promise<void>;
};

/** Of who may be handed some. */
export const keptStrings = (ports: Using<{ secrets: 'put' | 'delete' }>): KeptStrings => ({
  keep: (tenant, runId, source, text) => ports.secrets.put(tenant, inlineSecretName(runId, source), text),
  forget: (tenant, runId, source) => ports.secrets.delete(tenant, inlineSecretName(runId, source)),
});

/** Of who starts runs over what is named alone, and needs no right to secrets for that. */
export const noKeptStrings: KeptStrings = {
  keep: async () => {
    throw new Failure('INTERNAL', 'A connection string came where none is taken. Name a connection instead.');
  },
  forget: async () => undefined,
};
