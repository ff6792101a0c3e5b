import type { Caller } from '../contracts/caller.ts';
import type { ConnectionView } from '../contracts/connection.ts';
import { Failure } from '../contracts/failure.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { changedMeanwhile, findConnection } from './find-connection.ts';
import { showConnection } from './show-connection.ts';

/**
 * Forgets a connection and its credential, the credential first: after a crash in between the connection is still there to
 * be deleted again. Fails with CONFLICT while a run uses it, which may not have read the credential yet; a run that starts
 * at this very moment fails as soon as it looks for it.
 */
export const deleteConnection = async (
  ports: PortsOf<'delete-connection', 'log'>,
  { tenant, actor }: Caller,
  name: string,
): Promise<ConnectionView> => {
  const connection = await findConnection(ports, tenant, name);
  const view = await showConnection(ports, connection);
  const users = (await ports.runs.listRunning())
    .filter((run) => run.tenant === tenant && run.sources.some(({ connection }) => connection === name))
    .map(({ run_id }) => run_id);
  if (users.length > 0)
    throw new Failure(
      'CONFLICT',
      `The connection "${name}" is in use by ${users.length === 1 ? 'the run' : 'the runs'} ${users.slice(0, 5).join(', ')}${users.length > 5 ? ` and ${users.length - 5} more` : ''}.`,
      { where: 'path.name', advice: { kind: 'end_runs_of_connection', connection: name } },
    );
  await ports.secrets.delete(tenant, connection.secret);
  if (!(await ports.connections.delete(tenant, name, connection.secret)))
    throw await changedMeanwhile(ports, tenant, name);
  ports.log.info('connection deleted', { connection: name, label: view.label, actor: actor.id });
  return view;
};
