import type { TaskInput, TaskOutput } from '../contracts/task.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { requireDocument } from './agent-documents.ts';
import { TableChunk } from './table-chunks.ts';

/** The tables of one chunk, for a machine to go over. */
export const listTables = async (
  ports: PortsOf<'list-tables'>,
  { tenant, run_id, chunk }: TaskInput<'list-tables'>,
): Promise<TaskOutput<'list-tables'>> => ({
  tables: await requireDocument(ports, tenant, runKeys(run_id).chunk(chunk), TableChunk),
});
