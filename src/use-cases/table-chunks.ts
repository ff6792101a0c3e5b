import * as z from 'zod';
import { FailureReport } from '../contracts/failure-report.ts';
import { Failure } from '../contracts/failure.ts';
import { TableOutcome, TableRef } from '../contracts/table-ref.ts';
import { chunkTables, maxChunks } from '../domain/run/chunk-tables.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';
import { requireDocument, writeDocument } from './agent-documents.ts';

/** The tables of one chunk. */
export const TableChunk = z.array(TableRef).readonly();

/** What became of them, in their order. */
export const TableOutcomes = z.array(TableOutcome).readonly();

/** A table that was worked on, and why that failed if it did. */
export type TableWork = TableRef & TableOutcome;

/**
 * Writes the tables of a run where its executions read them, in chunks, and answers with the chunks' ids. `what` tells chunks
 * of one purpose and attempt from others. Fails with INVALID_REQUEST where there are too many.
 */
export const writeChunks = async (
  ports: Using<{ documents: 'write' }>,
  tenant: string,
  runId: string,
  what: string,
  tables: readonly TableRef[],
): Promise<readonly string[]> => {
  const chunks = chunkTables(tables);
  if (chunks.length > maxChunks)
    throw new Failure(
      'INVALID_REQUEST',
      `The ${tables.length} tables are ${chunks.length} executions of work, of ${maxChunks} that a run takes.`,
      { where: 'body.tables', advice: { kind: 'name_fewer_tables' } },
    );
  const ids = chunks.map((_, index) => `${what}-${index + 1}`);
  await Promise.all(
    chunks.map((chunk, index) =>
      writeDocument(ports, tenant, runKeys(runId).chunk(ids[index] ?? ''), TableChunk, chunk),
    ),
  );
  return ids;
};

/** What has become of the tables of chunks that were worked on. */
export const readOutcomes = async (
  ports: Using<{ documents: 'read' }>,
  tenant: string,
  runId: string,
  chunks: readonly string[],
): Promise<readonly TableWork[]> => {
  const keys = runKeys(runId);
  const works = await Promise.all(
    chunks.map(async (chunk) => {
      const [tables, outcomes] = await Promise.all([
        requireDocument(ports, tenant, keys.chunk(chunk), TableChunk),
        requireDocument(ports, tenant, keys.outcomes(chunk), TableOutcomes),
      ]);
      return tables.map((table, index): TableWork => ({ ...table, ...outcomes[index] }));
    }),
  );
  return works.flat();
};

/** The tables that no state can carry the name of, as the attempt told that opened the databases. */
export const LeftOutTables = z.array(TableRef.extend({ failure: FailureReport })).readonly();

/** The chunk under which they stand; no execution works on it. */
export const leftOutChunk = (attempt: number): string => `a${attempt}-left-out`;
