import { ulid } from 'ulid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LogEntry, LogLevel } from '../../src/contracts/log-entry.ts';
import type { LogStore } from '../../src/ports/log-store.ts';
import { freshTenant } from './run-store-samples.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 31, 12, 0, second)).toISOString();

const line = (tenant: string, second: number, changes: Partial<LogEntry> = {}): LogEntry => ({
  tenant,
  at: at(second),
  level: 'INFO',
  message: `line ${second}`,
  fields: {},
  ...changes,
});

/** What every log store does. The store may hold other lines; each test uses tenants of its own. */
export const describeLogStoreContract = (name: string, makeSubject: () => LogStore | Promise<LogStore>): void => {
  describe(`${name} as a log store`, () => {
    let store: LogStore;
    beforeAll(async () => {
      store = await makeSubject();
    });

    it('gives back lines as they were appended, with their fields', async () => {
      const tenant = freshTenant();
      const entry = line(tenant, 1, {
        run_id: ulid(),
        message: 'für 株式会社 👩‍👧 "quoted"\nnext',
        fields: { step: 'ProfileTable', rows: 12, nested: { list: [1, null, 'x'] } },
      });
      store.append([entry]);
      expect(await store.query(tenant, { limit: 10 })).toEqual([entry]);
    });

    it('gives lines oldest first, those of one moment as they came', async () => {
      const tenant = freshTenant();
      const lines = [
        line(tenant, 3),
        line(tenant, 1),
        line(tenant, 2, { message: 'b' }),
        line(tenant, 2, { message: 'a' }),
      ];
      store.append(lines);
      const found = await store.query(tenant, { limit: 10 });
      expect(found.map(({ message }) => message)).toEqual(['line 1', 'b', 'a', 'line 3']);
    });

    it('gives the newest lines where there are more than asked for', async () => {
      const tenant = freshTenant();
      for (let second = 0; second < 20; second += 1) store.append([line(tenant, second)]);
      const found = await store.query(tenant, { limit: 3 });
      expect(found.map(({ message }) => message)).toEqual(['line 17', 'line 18', 'line 19']);
    });

    it('gives only the lines of a run', async () => {
      const tenant = freshTenant();
      const [one, two] = [ulid(), ulid()];
      store.append([line(tenant, 1, { run_id: one }), line(tenant, 2, { run_id: two }), line(tenant, 3)]);
      const found = await store.query(tenant, { run_id: one, limit: 10 });
      expect(found.map(({ message }) => message)).toEqual(['line 1']);
    });

    it.each([
      ['DEBUG', ['DEBUG', 'INFO', 'WARN', 'ERROR']],
      ['INFO', ['INFO', 'WARN', 'ERROR']],
      ['WARN', ['WARN', 'ERROR']],
      ['ERROR', ['ERROR']],
    ] as const)('gives for the level %s that one and worse', async (level, expected) => {
      const tenant = freshTenant();
      const levels: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARN', 'ERROR'];
      store.append(levels.map((each, second) => line(tenant, second, { level: each })));
      expect((await store.query(tenant, { level, limit: 10 })).map((found) => found.level)).toEqual(expected);
    });

    it('gives the lines since a time, that time included', async () => {
      const tenant = freshTenant();
      store.append([1, 2, 3].map((second) => line(tenant, second)));
      const found = await store.query(tenant, { since: at(2), limit: 10 });
      expect(found.map(({ message }) => message)).toEqual(['line 2', 'line 3']);
    });

    it('finds a text in message and fields, in capitals or not, taken literally', async () => {
      const tenant = freshTenant();
      store.append([
        line(tenant, 1, { message: 'The statement was REFUSED' }),
        line(tenant, 2, { fields: { kind: 'statement_refused' } }),
        line(tenant, 3, { message: '100% of it' }),
        line(tenant, 4, { message: 'nothing' }),
      ]);
      const found = async (q: string) => (await store.query(tenant, { q, limit: 10 })).map((entry) => entry.at);
      expect(await found('refused')).toEqual([at(1), at(2)]);
      expect(await found('100%')).toEqual([at(3)]);
      expect(await found('%')).toEqual([at(3)]);
      expect(await found("' or 1=1 --")).toEqual([]);
    });

    it('combines what is asked', async () => {
      const tenant = freshTenant();
      const run_id = ulid();
      store.append([
        line(tenant, 1, { run_id, level: 'ERROR', message: 'broken' }),
        line(tenant, 2, { run_id, level: 'ERROR', message: 'broken' }),
        line(tenant, 3, { run_id, level: 'INFO', message: 'broken' }),
        line(tenant, 4, { run_id, level: 'ERROR', message: 'other' }),
        line(tenant, 5, { level: 'ERROR', message: 'broken' }),
      ]);
      const found = await store.query(tenant, { run_id, level: 'WARN', since: at(2), q: 'broken', limit: 10 });
      expect(found.map((entry) => entry.at)).toEqual([at(2)]);
    });

    it('shows nothing to another tenant, and nobody a line without one', async () => {
      const [mine, stranger] = [freshTenant(), freshTenant()];
      const run_id = ulid();
      const { tenant: _, ...ofTheService } = line(mine, 2, { run_id });
      store.append([line(mine, 1, { run_id }), ofTheService]);
      expect(await store.query(stranger, { limit: 10 })).toEqual([]);
      expect(await store.query(stranger, { run_id, q: 'line', limit: 10 })).toEqual([]);
      for (const spelling of ['', '%', `${mine}' or '1'='1`])
        expect(await store.query(spelling, { limit: 10 })).toEqual([]);
      expect(await store.query(mine, { run_id, limit: 10 })).toHaveLength(1);
    });
  });
};
