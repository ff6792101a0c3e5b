import { describe, expect, it } from 'vitest';
import { commandText } from '../../bin/command-advice.ts';
import { callerText } from '../../functions/caller-advice.ts';
import { Advice, type AdviceKind } from '../../src/contracts/advice.ts';
import { modelText } from '../../src/domain/agent/model-advice.ts';
import { readerText } from '../../src/domain/reader-advice.ts';

const run_id = '01JD3Y6M9Q4T8V2X5Z7B1C3D4E';
const connection = 'shop';

/** One of each kind. */
const samples: { readonly [K in AdviceKind]: Omit<Extract<Advice, { readonly kind: K }>, 'kind'> } = {
  see_schema: {},
  start_service: {},
  see_runs: {},
  resume_run: { run_id },
  start_new_run: {},
  shorten_run: {},
  send_connection_string: { run_id, database: 'postgresql://db:5432/shop' },
  see_connections: {},
  see_connection: { connection },
  test_connection: { connection },
  give_credential: { connection },
  replace_connection: { connection },
  make_connection_again: { connection },
  make_other_connection: {},
  end_runs_of_connection: { connection },
  see_schedules: {},
  see_schedule: { schedule: 'nightly' },
  see_webhooks: {},
  see_webhook: { webhook: 'chat' },
  see_deliveries: { webhook: 'chat' },
  name_tables: {},
  name_fewer_tables: {},
  look_for_table: {},
  spare_table: {},
  keep_view_result: {},
  open_egress: { setting: 'databaseHosts', value: 'db.example.com' },
  ask_for_less: { database_reopens: true },
  reconnect: {},
  submit_report: {},
};
const all = Object.entries(samples).map(([kind, parameters]) => Advice.parse({ kind, ...parameters }));
const message = 'So it was.';
const told = (text: (failure: { kind: string; message: string; advice: Advice }) => string, kind: AdviceKind): string =>
  text({ kind: 'CONFLICT', message, advice: Advice.parse({ kind, ...samples[kind] }) });

describe('advice', () => {
  it('is given by each reader’s table after the message, in words of that reader alone', () => {
    const requests = /\b(GET|POST|DELETE) \/|db_conn_string|openapi|"tables"/;
    const commands = /\.\/surveyor|--\w/;
    for (const advice of all) {
      const failure = { kind: 'CONFLICT', message, advice };
      const texts = [callerText(failure), commandText(failure), readerText(failure), modelText(failure)];
      for (const text of texts) expect(text).toMatch(/^So it was\.($|[ \n]\S)/);
      expect(callerText(failure)).not.toMatch(commands);
      expect(commandText(failure)).not.toMatch(requests);
      expect(`${readerText(failure)} ${modelText(failure)}`).not.toMatch(requests);
      expect(`${readerText(failure)} ${modelText(failure)}`).not.toMatch(commands);
    }
  });

  it('reaches somebody, whatever it is', () => {
    const silent = all.filter((advice) =>
      [callerText, commandText, readerText, modelText].every(
        (text) => text({ kind: 'CONFLICT', message, advice }) === message,
      ),
    );
    expect(silent).toEqual([]);
  });

  it('names the request to one and the command to another', () => {
    expect(told(callerText, 'test_connection')).toBe(
      'So it was. POST /connections/shop/test opens it once, in a run of its own.',
    );
    expect(told(commandText, 'test_connection')).toBe('So it was. Try it by itself: ./surveyor connections test shop');
    expect(told(readerText, 'test_connection')).toBe('So it was. The connection “shop” can be tested by itself.');
    expect(told(modelText, 'test_connection')).toBe('So it was.');
    expect(told(modelText, 'ask_for_less')).toBe(
      'So it was. Ask for less at once; the next statement opens the database again.',
    );
    expect(told(readerText, 'ask_for_less')).toBe('So it was.');
  });

  it('comes to a model before the place in its statement, and to a reader without it', () => {
    const failure = {
      kind: 'STATEMENT_FAILED',
      message: 'relation "a" does not exist.',
      excerpt: 'LINE 1: from a\n             ^',
      advice: { kind: 'look_for_table' } as const,
    };
    expect(modelText(failure)).toBe(
      'relation "a" does not exist. It was dropped or renamed during the survey, or was never there.\nLINE 1: from a\n             ^',
    );
    expect(readerText(failure)).toBe('relation "a" does not exist. Was it dropped or renamed during the survey?');
  });
});
