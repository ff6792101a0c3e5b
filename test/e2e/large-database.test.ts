import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLargeDatabase } from '../support/large-database.ts';
import { writeLargeDuckdb } from '../support/load-large-database.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { surveyLargeDatabase } from './survey-large-database.ts';

describe('a database of 20 tables, 400 columns and 30 planted flaws', () => {
  let local: LocalService;
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-large-'));
  beforeAll(async () => {
    local = await startLocalService();
  });
  afterAll(async () => {
    await local?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is looked at whole: all flaws are found, nothing else is, and nothing is left out', async () => {
    const database = createLargeDatabase({ tables: 20 });
    const path = join(folder, 'large.duckdb');
    await writeLargeDuckdb(database, path);
    const { found, planted, notLookedAt } = await surveyLargeDatabase(local, database, `duckdb://${path}`);
    expect(planted.length).toBeGreaterThanOrEqual(30);
    expect(found).toEqual(planted);
    expect(notLookedAt).toEqual([]);
  });
});
