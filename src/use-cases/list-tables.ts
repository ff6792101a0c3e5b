import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { requireDocument } from './agent-documents.ts';
import { findRunUnderWay } from './find-run-under-way.ts';
import { TableChunk } from './table-chunks.ts';

/** The tables of one chunk, for a machine to go over. A run that has ended has none to go over, redriven or not. */
export const listTables = async (
  ports: PortsOf<'list-tables'>,
  { tenant, run_id, attempt, chunk }: TaskInput<'list-tables'>,
): Promise<TaskOutput<'list-tables'>> => {
  await findRunUnderWay(ports, { tenant, run_id, attempt });
  return { tables: await requireDocument(ports, tenant, runKeys(run_id).chunk(chunk), TableChunk) };
};
