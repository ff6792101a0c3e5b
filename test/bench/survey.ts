import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeChaosHome, untilEnded } from '../chaos/chaos-home.ts';
import { createLargeDatabase } from '../support/large-database.ts';
import { writeLargeDuckdb } from '../support/load-large-database.ts';
import type { Measurement } from './measurement.ts';

const [few, many] = [15, 150];
const columns = 20;

/** A survey without a model of so many tables of 2,000 rows, by a service in a process of its own. */
const survey = async (
  tables: number,
  folder: string,
): Promise<{ readonly seconds: number; readonly mebibytes: number }> => {
  const path = join(folder, `tables-${tables}.duckdb`);
  await writeLargeDuckdb(createLargeDatabase({ tables }), path);
  const home = makeChaosHome();
  try {
    const service = await home.start();
    const { run_id } = await service.api.createCatalog({ db_conn_string: `duckdb://${path}`, s3_prefix: 'bench' });
    const run = await untilEnded(service, run_id, 900);
    if (run.status !== 'succeeded') throw new Error(`${tables} tables: ${run.failure?.message ?? run.status}`);
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))?.[1];
    await service.stop();
    const seconds = (Date.parse(run.ended_at ?? '') - Date.parse(run.created_at)) / 1_000;
    return { seconds, mebibytes: Number(peak) / 1_024 };
  } finally {
    home.remove();
  }
};

/** How the time of a survey grows with the number of tables, and what the service holds meanwhile. */
export const benchSurvey = async (): Promise<readonly Measurement[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-bench-survey-'));
  try {
    const [small, large] = [await survey(few, folder), await survey(many, folder)];
    return [
      {
        name: `survey of ${many} tables × ${columns} × 2,000 ÷ ${few} tables`,
        value: large.seconds / small.seconds,
        unit: '×',
        goal: '≤ 12',
      },
      { name: `${few} tables`, value: small.seconds, unit: 's' },
      { name: `${many} tables`, value: large.seconds, unit: 's' },
      { name: `most memory of the service, ${many} tables`, value: large.mebibytes, unit: 'MiB', goal: '≤ 600' },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
