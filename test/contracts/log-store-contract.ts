import { ulid } from 'ulid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LogEntry, LogLevel } from '../../src/contracts/log-entry.ts';
import type { LogQuery, LogStore } from '../../src/ports/log-store.ts';
import { freshTenant } from './stores/samples.ts';

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
        run_id: ulid(Date.UTC(2026, 0, 31, 12)),
        message: 'für 株式会社 👩‍👧 "quoted"\nnext',
        fields: { step: 'ProfileTable', rows: 12, nested: { list: [1, null, 'x'] } },
      });
      store.append([entry]);
      expect(await store.query(tenant, { limit: 10 })).toEqual({ items: [entry] });
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
      const { items: found } = await store.query(tenant, { limit: 10 });
      expect(found.map(({ message }) => message)).toEqual(['line 1', 'b', 'a', 'line 3']);
    });

    /** All pages, each as the messages of its lines. */
    const pagesOf = async (tenant: string, query: LogQuery): Promise<readonly (readonly string[])[]> => {
      const pages: string[][] = [];
      let cursor: string | undefined;
      for (let page = 0; page < 50; page += 1) {
        const { items, next_cursor } = await store.query(tenant, {
          ...query,
          ...(cursor === undefined ? {} : { cursor }),
        });
        pages.push(items.map(({ message }) => message));
        cursor = next_cursor;
        if (cursor === undefined) return pages;
      }
      throw new Error('There is no end of pages.');
    };

    it('gives the oldest lines first where there are more than asked for, and the rest by cursor', async () => {
      const tenant = freshTenant();
      for (let second = 0; second < 7; second += 1) store.append([line(tenant, second)]);
      expect(await pagesOf(tenant, { limit: 3 })).toEqual([
        ['line 0', 'line 1', 'line 2'],
        ['line 3', 'line 4', 'line 5'],
        ['line 6'],
      ]);
    });

    it('gives no cursor where the page ends with the last line', async () => {
      const tenant = freshTenant();
      store.append([1, 2, 3].map((second) => line(tenant, second)));
      expect(await pagesOf(tenant, { limit: 3 })).toEqual([['line 1', 'line 2', 'line 3']]);
    });

    it('gives each line once where many share a millisecond, in the order in which they came', async () => {
      const tenant = freshTenant();
      const messages = Array.from({ length: 25 }, (_, index) => `line ${index}`);
      for (const message of messages) store.append([line(tenant, 5, { message })]);
      store.append([line(tenant, 4, { message: 'before' }), line(tenant, 6, { message: 'after' })]);
      const pages = await pagesOf(tenant, { limit: 4 });
      expect(pages.map(({ length }) => length)).toEqual([4, 4, 4, 4, 4, 4, 3]);
      expect(pages.flat()).toEqual(['before', ...messages, 'after']);
    });

    it('goes on behind a cursor with the lines that were written since', async () => {
      const tenant = freshTenant();
      store.append([line(tenant, 1), line(tenant, 2)]);
      const { next_cursor = '' } = await store.query(tenant, { limit: 1 });
      store.append([line(tenant, 2, { message: 'same second' }), line(tenant, 0, { message: 'too late' })]);
      const { items } = await store.query(tenant, { limit: 10, cursor: next_cursor });
      expect(items.map(({ message }) => message)).toEqual(['line 2', 'same second']);
    });

    it('keeps to what is asked on every page', async () => {
      const tenant = freshTenant();
      const run_id = ulid(Date.UTC(2026, 0, 31, 12));
      for (let second = 0; second < 20; second += 1)
        store.append([
          line(tenant, second, { run_id, level: 'ERROR', message: `broken ${second}` }),
          line(tenant, second, { run_id, level: 'DEBUG', message: `broken ${second}` }),
          line(tenant, second, { run_id, level: 'ERROR' }),
          line(tenant, second, { level: 'ERROR', message: `broken ${second}` }),
        ]);
      const pages = await pagesOf(tenant, { run_id, level: 'WARN', since: at(10), q: 'BROKEN', limit: 4 });
      expect(pages.flat()).toEqual(Array.from({ length: 10 }, (_, index) => `broken ${index + 10}`));
    });

    it('refuses a cursor that it did not give, or gave to another tenant', async () => {
      const [mine, theirs] = [freshTenant(), freshTenant()];
      for (const tenant of [mine, theirs]) store.append([line(tenant, 1), line(tenant, 2)]);
      const { next_cursor: foreign } = await store.query(theirs, { limit: 1 });
      for (const cursor of ['', 'x', '1-1.000000000000', `1-1' or 1=1 --`, foreign ?? 'missing'])
        await expect(store.query(mine, { limit: 1, cursor })).rejects.toMatchObject({ kind: 'INVALID_REQUEST' });
    });

    it('gives only the lines of a run', async () => {
      const tenant = freshTenant();
      const [one, two] = [ulid(Date.UTC(2026, 0, 31, 12)), ulid(Date.UTC(2026, 0, 31, 12))];
      store.append([line(tenant, 1, { run_id: one }), line(tenant, 2, { run_id: two }), line(tenant, 3)]);
      const { items: found } = await store.query(tenant, { run_id: one, limit: 10 });
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
      const { items: found } = await store.query(tenant, { level, limit: 10 });
      expect(found.map((entry) => entry.level)).toEqual(expected);
    });

    it('gives the lines since a time, that time included', async () => {
      const tenant = freshTenant();
      store.append([1, 2, 3].map((second) => line(tenant, second)));
      const { items: found } = await store.query(tenant, { since: at(2), limit: 10 });
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
      const found = async (q: string) => (await store.query(tenant, { q, limit: 10 })).items.map((entry) => entry.at);
      expect(await found('refused')).toEqual([at(1), at(2)]);
      expect(await found('100%')).toEqual([at(3)]);
      expect(await found('%')).toEqual([at(3)]);
      expect(await found("' or 1=1 --")).toEqual([]);
    });

    it('combines what is asked', async () => {
      const tenant = freshTenant();
      const run_id = ulid(Date.UTC(2026, 0, 31, 12));
      store.append([
        line(tenant, 1, { run_id, level: 'ERROR', message: 'broken' }),
        line(tenant, 2, { run_id, level: 'ERROR', message: 'broken' }),
        line(tenant, 3, { run_id, level: 'INFO', message: 'broken' }),
        line(tenant, 4, { run_id, level: 'ERROR', message: 'other' }),
        line(tenant, 5, { level: 'ERROR', message: 'broken' }),
      ]);
      const { items: found } = await store.query(tenant, {
        run_id,
        level: 'WARN',
        since: at(2),
        q: 'broken',
        limit: 10,
      });
      expect(found.map((entry) => entry.at)).toEqual([at(2)]);
    });

    it('shows nothing to another tenant, and nobody a line without one', async () => {
      const [mine, stranger] = [freshTenant(), freshTenant()];
      const run_id = ulid(Date.UTC(2026, 0, 31, 12));
      const { tenant: _, ...ofTheService } = line(mine, 2, { run_id });
      store.append([line(mine, 1, { run_id }), ofTheService]);
      expect(await store.query(stranger, { limit: 10 })).toEqual({ items: [] });
      expect(await store.query(stranger, { run_id, q: 'line', limit: 10 })).toEqual({ items: [] });
      for (const spelling of ['', '%', `${mine}' or '1'='1`])
        expect(await store.query(spelling, { limit: 10 })).toEqual({ items: [] });
      expect((await store.query(mine, { run_id, limit: 10 })).items).toHaveLength(1);
    });
  });
};
