import type { Connection, ConnectionTest, ConnectionView } from '../contracts/connection.ts';
import { DatabaseSchema } from '../contracts/schema.ts';
import { testedSource, testOf } from '../domain/connection/test-of.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';
import { readDocument } from './agent-documents.ts';

/** A connection as the API shows it whose credential is new: no test was of that. */
export const showUntested = ({
  tenant: _tenant,
  secret: _secret,
  test_run_id: _test,
  ...connection
}: Connection): ConnectionView => connection;

/** A connection as the API shows it, with its last test, which is read from the run that it is. */
export const showConnection = async (
  ports: Using<{ runs: 'read'; documents: 'read' }>,
  { tenant, secret: _secret, test_run_id, ...connection }: Connection,
): Promise<ConnectionView> => {
  const test = test_run_id === undefined ? undefined : await readTest(ports, tenant, test_run_id);
  // A test of the credential before says nothing about this one.
  const outdated = test !== undefined && connection.rotated_at !== undefined && test.started_at < connection.rotated_at;
  return { ...connection, ...(test === undefined || outdated ? {} : { test }) };
};

const readTest = async (
  ports: Using<{ runs: 'read'; documents: 'read' }>,
  tenant: string,
  runId: string,
): Promise<ConnectionTest | undefined> => {
  const run = await ports.runs.get(tenant, runId);
  if (run === undefined) return undefined;
  return testOf(run, await readDocument(ports, tenant, runKeys(runId).schema(testedSource), DatabaseSchema));
};
