import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createEvidenceLog, type EvidenceLog } from '../../../runner-task/supervisor/evidence-log.ts';

const statement = {
  kind: 'sql',
  origin: 'tool',
  source: 'main',
  text: 'SELECT 1',
  verdict: 'ran',
  preview: '1',
  started_at: '2026-01-31T12:00:00.000Z',
  milliseconds: 1,
} as const;

/** As large a result, as JSON, as asked for. */
const resultOf = (bytes: number): { readonly text: string } => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
const kibibyte = 1024;

const record = (log: EvidenceLog, bytes: number): string =>
  log.record({ ...statement, text: `SELECT ${bytes}`, result: resultOf(bytes) });

const acknowledge = (log: EvidenceLog): void => {
  log.readAfter(Number.MAX_SAFE_INTEGER);
};

describe('the evidence log', () => {
  it('hands over a result whole, as the text that its hash is of, whatever the order of its keys', () => {
    const log = createEvidenceLog();
    log.record({ ...statement, result: { rows: 1, columns: [{ type: 'INTEGER', name: 'one' }] } });
    const [entry] = log.readAfter(0).evidence;
    expect(entry?.result).toBe('{"columns":[{"name":"one","type":"INTEGER"}],"rows":1}');
    expect(entry?.evidence).toMatchObject({
      result_kept: 'whole',
      result_hash: createHash('sha256').update(String(entry?.result)).digest('hex'),
      bytes: entry?.result?.length,
    });
  });

  it('says that only a preview is kept of a result beyond 256 KiB', () => {
    const log = createEvidenceLog();
    record(log, 256 * kibibyte);
    record(log, 256 * kibibyte + 1);
    const kept = log.readAfter(0).evidence.map(({ evidence, result }) => [evidence.result_kept, result?.length]);
    expect(kept).toEqual([
      ['whole', 256 * kibibyte],
      ['preview', undefined],
    ]);
  });

  it('says nothing of a result where there is none', () => {
    const log = createEvidenceLog();
    log.record({ ...statement, verdict: 'failed', failure: { kind: 'STATEMENT_FAILED', message: 'no' } });
    const [entry] = log.readAfter(0).evidence;
    expect(entry).not.toHaveProperty('result');
    expect(entry?.evidence).not.toHaveProperty('result_kept');
  });

  it('holds 16 MiB of results at most, and takes more once those were fetched', () => {
    const log = createEvidenceLog();
    for (let count = 0; count < 65; count += 1) record(log, 256 * kibibyte);
    const kept: unknown[] = [];
    let after = 0;
    for (;;) {
      const { evidence } = log.readAfter(after);
      if (evidence.length === 0) break;
      kept.push(...evidence.map((entry) => entry.evidence.result_kept));
      after = evidence.at(-1)?.number ?? after;
    }
    expect(kept).toEqual([...Array.from({ length: 64 }, () => 'whole'), 'preview']);
    record(log, 256 * kibibyte);
    expect(log.readAfter(after).evidence[0]?.evidence.result_kept).toBe('whole');
  });

  it('has 256 MiB of results kept in its life, however often they are fetched', () => {
    const log = createEvidenceLog();
    for (let count = 0; count < 1024; count += 1) {
      record(log, 256 * kibibyte);
      acknowledge(log);
    }
    record(log, 1_000);
    expect(log.readAfter(0).evidence[0]?.evidence.result_kept).toBe('preview');
  });

  it('hands over 4 MiB at once, and a page of one piece at least', () => {
    const log = createEvidenceLog();
    for (let count = 0; count < 20; count += 1) record(log, 256 * kibibyte);
    const page = log.readAfter(0);
    expect(page.evidence.map(({ number }) => number)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
    expect(page.last).toBe(20);
    expect(log.readAfter(15).evidence).toHaveLength(5);
  });

  it('hands over 200 pieces at once', () => {
    const log = createEvidenceLog();
    for (let count = 0; count < 201; count += 1) record(log, 100);
    expect(log.readAfter(0).evidence).toHaveLength(200);
    expect(log.readAfter(200).evidence).toHaveLength(1);
  });

  it('runs nothing more once 64 MiB of evidence wait', () => {
    const log = createEvidenceLog();
    const long = { ...statement, text: 'x'.repeat(200_000) };
    for (let count = 0; count < 336; count += 1) {
      log.makeRoom();
      log.record(long);
    }
    expect(() => log.makeRoom()).toThrow('waits to be fetched');
    acknowledge(log);
    log.makeRoom();
  });
});
