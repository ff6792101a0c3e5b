import type { Caller } from '../contracts/caller.ts';
import type { Chain } from '../contracts/chain.ts';
import type { RunAccepted } from '../contracts/run.ts';
import { testedSource } from '../domain/connection/test-of.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { findConnection, noSuchConnection } from './find-connection.ts';
import { startRun } from './start-run.ts';

/**
 * Tests a connection in a run of its own, of a chain without nodes: it opens the connection in a sandbox, as every run does,
 * and that is all. The connection names its test before that begins, so that none is lost between the two.
 */
export const testConnection = async (
  ports: PortsOf<'test-connection'>,
  caller: Caller,
  chain: Chain,
  name: string,
): Promise<RunAccepted> => {
  const { tenant } = caller;
  const { label, engine } = await findConnection(ports, tenant, name);
  const run_id = ports.clock.newRunId();
  if (!(await ports.connections.setTest(tenant, name, run_id))) throw noSuchConnection(name);
  return startRun(ports, caller, {
    run_id,
    trigger: { kind: 'api' },
    chain,
    sources: [{ name: testedSource, kind: 'connection', label, engine, connection: name, tables: [] }],
    connectionStrings: new Map(),
  });
};
