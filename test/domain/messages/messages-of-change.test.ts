import { describe, expect, it } from 'vitest';
import { maxMessageBytes, Message } from '../../../src/contracts/message.ts';
import type { Run } from '../../../src/contracts/run.ts';
import { messagesOfChange } from '../../../src/domain/messages/messages-of-change.ts';
import { at, sampleAct, sampleActor, sampleRun } from '../../contracts/stores/samples.ts';

const run = sampleRun('acme', { run_id: '01KG9XJ5R0ZZZZZZZZZZZZZZZZ' });
const settled: Run = {
  ...run,
  status: 'failed',
  ended_at: at(30),
  failure: { kind: 'DATABASE_UNREACHABLE', message: 'db.example refused the password "hunter2".' },
};
const resumed: Run = { ...run, attempt: 2, acts: [sampleAct({ actor: { kind: 'key', id: 'ffffffffffff' } })] };

const types = (before: Run | undefined, after: Run) => messagesOfChange(before, after).map(({ type }) => type);

describe('the messages of a stored change', () => {
  it('are one for a run that starts, ends, or starts once more', () => {
    expect(types(undefined, run)).toEqual(['run-started']);
    expect(types(run, settled)).toEqual(['run-settled']);
    expect(types(settled, resumed)).toEqual(['run-started']);
  });

  it('are none for what happens in between, and after the end', () => {
    expect(types(run, { ...run, execution_id: 'e' })).toEqual([]);
    expect(types(run, { ...run, acts: [sampleAct({ act: 'cancel' })] })).toEqual([]);
    expect(types(settled, { ...settled, acts: [sampleAct()] })).toEqual([]);
    expect(types(run, run)).toEqual([]);
  });

  it('are the same however often the change is read, and others for each attempt', () => {
    expect(messagesOfChange(run, settled)).toEqual(messagesOfChange(run, settled));
    const ids = [
      ...messagesOfChange(undefined, run),
      ...messagesOfChange(run, settled),
      ...messagesOfChange(settled, resumed),
      ...messagesOfChange(resumed, { ...settled, ...resumed, status: 'succeeded', ended_at: at(50) }),
    ].map(({ id }) => id);
    expect(ids).toEqual([
      '20260131T120000000Z-01KG9XJ5R0ZZZZZZZZZZZZZZZZ-1-run-started',
      '20260131T120030000Z-01KG9XJ5R0ZZZZZZZZZZZZZZZZ-1-run-settled',
      '20260131T120015000Z-01KG9XJ5R0ZZZZZZZZZZZZZZZZ-2-run-started',
      '20260131T120050000Z-01KG9XJ5R0ZZZZZZZZZZZZZZZZ-2-run-settled',
    ]);
  });

  it('say what became of the run in ids and words of ours, and nothing that a database said', () => {
    const [message] = messagesOfChange(run, settled);
    expect(message).toEqual({
      id: '20260131T120030000Z-01KG9XJ5R0ZZZZZZZZZZZZZZZZ-1-run-settled',
      type: 'run-settled',
      version: 1,
      tenant: 'acme',
      subject: 'tenants/acme/runs/01KG9XJ5R0ZZZZZZZZZZZZZZZZ',
      time: at(30),
      data: {
        run_id: run.run_id,
        attempt: 1,
        chain: { name: 'catalog', version: 1 },
        status: 'failed',
        failure_kind: 'DATABASE_UNREACHABLE',
        created_at: at(0),
        ended_at: at(30),
        s3_prefix: 'reports/shop',
        reports: [],
        trigger: { kind: 'api' },
        actor: { kind: sampleActor.kind, id: sampleActor.id },
      },
    });
    expect(JSON.stringify(message)).not.toContain('hunter2');
  });

  it('name who resumed a run as who started the attempt', () => {
    expect(messagesOfChange(settled, resumed)[0]?.data.actor).toEqual({ kind: 'key', id: 'ffffffffffff' });
  });

  it('stay below 32 KB with the longest names and a hundred reports', () => {
    const s3_prefix = Array.from({ length: 4 }, () => 'x'.repeat(127)).join('/');
    const reports = Array.from({ length: 100 }, (_, index) => {
      const agent = `${'a'.repeat(60)}${String(index).padStart(3, '0')}`;
      const key = `${s3_prefix}/2026-01-31T12-00-00Z/${agent}`;
      return { agent, html_key: `${key}.html`, json_key: `${key}.json` };
    });
    const [message] = messagesOfChange(run, { ...settled, reports, publish: { s3_prefix, timestamp: 'x' } });
    expect(Message.parse(message).data).toMatchObject({ more_reports: 84 });
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(maxMessageBytes);
  });
});
