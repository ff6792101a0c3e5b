import type { Sandbox } from '../../src/ports/sandbox.ts';

/** A sandbox, and what was done with it: each lease given, each agent's session, each release that ended a lease. */
export type WatchedSandbox = { readonly sandbox: Sandbox; readonly uses: readonly string[] };

/**
 * What a run of the catalog does with sandboxes: one is taken for the whole stretch from the profile to the summary, each
 * agent has a kernel of its own in it, and it is given back once.
 */
export const usesOfCatalog: readonly string[] = [
  'lease 1',
  'open',
  'session of cataloging',
  'end of session',
  'session of summary',
  'end of session',
  'release 1',
];

/** Watches any sandbox, whatever it is made of. Statements and evidence are left out: there are many. */
export const watchSandbox = (sandbox: Sandbox): WatchedSandbox => {
  const uses: string[] = [];
  const leases: string[] = [];
  const ended = new Set<string>();
  return {
    uses,
    sandbox: {
      ...sandbox,
      take: async (...request) => {
        const taken = await sandbox.take(...request);
        if (taken.state === 'ready' && !leases.includes(taken.lease.lease_id))
          uses.push(`lease ${leases.push(taken.lease.lease_id)}`);
        return taken;
      },
      call: async (lease, operation, input) => {
        if (operation === 'open') uses.push('open');
        if (operation === 'start_session') uses.push(`session of ${(input as { readonly agent: string }).agent}`);
        if (operation === 'end_session') uses.push('end of session');
        return sandbox.call(lease, operation, input);
      },
      release: async (lease) => {
        await sandbox.release(lease);
        if (ended.has(lease.lease_id)) return;
        ended.add(lease.lease_id);
        uses.push(`release ${leases.indexOf(lease.lease_id) + 1}`);
      },
    },
  };
};
