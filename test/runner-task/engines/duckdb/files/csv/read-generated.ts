import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { type GeneratedCsv, generatedCsv, writeCsv } from './generated-csv.ts';
import { loadBytes, readBack } from './read-back.ts';

/** What became of generated files, by their number. */
export type ReadGenerated = {
  readonly equal: number;
  readonly told: number;
  readonly failed: number;
  /** Files that DuckDB read by our plan. */
  readonly direct: number;
  /** Whatever was read otherwise than it was written without a word, and whatever the two readers differ in. */
  readonly silent: readonly string[];
};

const shown = (generated: GeneratedCsv, difference: string): string =>
  `${difference}\n${JSON.stringify(generated.writing)}\n${JSON.stringify(writeCsv(generated).bytes.toString('latin1').slice(0, 300))}`;

/** Writes and reads so many known tables, small ones by both readers. */
export const readGenerated = async (files: number, seed: number): Promise<ReadGenerated> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-generated-csv-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const counts = { equal: 0, told: 0, failed: 0, direct: 0 };
  const silent: string[] = [];
  try {
    for (const generated of fc.sample(generatedCsv, { numRuns: files, seed })) {
      const { result, difference = '', direct } = await readBack(connection, folder, generated);
      if (result === 'silent') silent.push(shown(generated, difference));
      else counts[result] += 1;
      if (direct) counts.direct += 1;
      if (result === 'failed' || generated.writing.bytes > 0) continue;
      const { bytes } = writeCsv(generated);
      const quick = await loadBytes(connection, folder, bytes, 0);
      if (!quick.direct) continue;
      counts.direct += 1;
      const careful = await loadBytes(connection, folder, bytes, Number.POSITIVE_INFINITY);
      const [one, other] = [quick, careful].map((loaded) => JSON.stringify({ ...loaded, direct: undefined }));
      if (one !== other) silent.push(shown(generated, `the two readers differ:\n${one}\n${other}`));
    }
    return { ...counts, silent };
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
};
