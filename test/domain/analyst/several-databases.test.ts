import { describe, expect, it } from 'vitest';
import { digestProfile } from '../../../src/domain/profile-digest/digest-profile.ts';
import type { DatabaseProfile } from '../../../src/contracts/profile.ts';
import { reportText } from '../../support/report-text.ts';
import { wordsOf } from '../../support/analyst-loop.ts';
import { driveAnalyst } from '../../support/drive-analyst.ts';
import { inProcessSandbox } from '../../support/in-process-sandbox.ts';
import { measuredProfile } from '../../support/measured-profile.ts';

const shop = [
  "create table customers as select i as customer_id, ['gold', 'basic'][i % 2 + 1] as level from range(200) t(i)",
  "update customers set level = 'Gold' where customer_id in (0, 2)",
  'create table orders as select i as order_id, (i * 7) % 200 as customer_id from range(900) t(i)',
];
/** Its customers are others: the references of its tickets must not be sought in the shop. */
const desk = [
  'create table tickets as select i as ticket_id, 5000 + i % 90 as customer_id from range(900) t(i)',
  'insert into tickets select * from tickets where ticket_id < 12',
];

const open = async (source: string, setup: readonly string[]) => {
  const sandbox = await inProcessSandbox(setup);
  const [database] = (await measuredProfile(sandbox)).databases;
  return { sandbox, database: { ...database!, source } satisfies DatabaseProfile };
};

const closed: DatabaseProfile = {
  source: 'crm',
  label: 'postgres://crm.example/crm',
  engine: 'postgres',
  engine_version: '',
  tables: [],
  failed: [],
  not_visible: [],
  failure: { kind: 'DATABASE_UNREACHABLE', message: 'crm.example:5432 does not answer.' },
};

const surveyBoth = async (...others: readonly DatabaseProfile[]) => {
  const opened = [await open('shop', shop), await open('desk', desk)];
  const digest = digestProfile({ databases: [...opened.map(({ database }) => database), ...others] });
  return driveAnalyst(digest, async (source, sql) => {
    const found = opened.find(({ database }) => database.source === source);
    if (found === undefined) throw new Error(`there is no source ${source}`);
    return found.sandbox.query(sql);
  });
};

describe('A survey of several databases', () => {
  it('asks each about its own tables, and seeks references within one only', async () => {
    const { statements, failed } = await surveyBoth();
    expect(failed).toEqual([]);
    expect(new Set(statements.map(({ source }) => source))).toEqual(new Set(['shop', 'desk']));
    for (const { source, sql } of statements) {
      expect(sql).not.toMatch(source === 'shop' ? /"tickets"/ : /"(orders|customers)"/);
    }
  });

  it('writes a section for each, and names the database beside every finding', async () => {
    const { html } = await surveyBoth();
    const text = reportText(html);
    expect(text).toContain('Overview › shop: 2 tables with 1,100 rows');
    expect(text).toContain('Overview › desk: 1 table with 912 rows');
    expect(text).toMatch(/shop › Findings › medium level spells one thing in several ways shop: customers\.level/);
    expect(text).toMatch(/desk › Findings › high tickets holds rows twice desk: tickets 12/);
    expect(text).toMatch(/shop › Tables › orders › customer_id points at customers\.customer_id: 100% of 900 rows/);
    expect(text).not.toContain('points at rows that do not exist');
    expect(text).toMatch(/^Overview › tickets holds rows twice \(desk: tickets\)/m);
  });

  it('says in a sentence why a database could not be opened, and surveys the others', async () => {
    const { html, failed, cells } = await surveyBoth(closed);
    expect(failed).toEqual([]);
    const text = wordsOf(html);
    expect(text).toContain('3 databases');
    expect(text).toContain('crm could not be opened, so nothing is known of it: crm.example:5432 does not answer.');
    expect(text).toContain('tickets holds rows twice');
    expect(cells[0]).toContain('databases[asked["source"]]');
  });

  it('tells of a database that was lost before a table was measured as of one that could not be opened', async () => {
    const { failure, ...opened } = closed;
    const failed = Array.from({ length: 11 }, (_, index) => ({ table: `t${index}`, failure: failure! }));
    const lost: DatabaseProfile = { ...opened, source: 'my', failed };
    const { html } = await surveyBoth(lost);
    const text = wordsOf(html);
    expect(text).toContain('my could not be measured.');
    expect(text).toContain('No table of my could be measured: crm.example:5432 does not answer.');
    expect(text).not.toContain('0 tables');
    const alone = await driveAnalyst(digestProfile({ databases: [lost] }), async () => {
      throw new Error('nothing can be asked');
    });
    expect(wordsOf(alone.html)).toContain('No table of my could be measured: crm.example:5432 does not answer.');
    expect(wordsOf(alone.html)).not.toContain('0 tables');
  });

  it('counts all of 300 tables, and calls those right that a check looked at alone', async () => {
    const { sandbox, database } = await open('desk', desk);
    const tables = Array.from({ length: 300 }, (_, index) => ({ ...database.tables[0]!, table: `tickets_${index}` }));
    const many = {
      ...database,
      tables: tables.map((table) => ({ ...table, columns: Array(20).fill(table.columns[0]!) })),
    };
    const { html } = await driveAnalyst(digestProfile({ databases: [many] }), (_, sql) => sandbox.query(sql));
    const text = wordsOf(html);
    expect(text).toMatch(/300 tables with 273,600 rows\. The checks looked at 0 of these 300\./);
    expect(text).toContain('No check looked at these tables');
    expect(text).toContain('No check looked at 300 of the 300 tables and views');
    expect(text).not.toMatch(/None of the checks found|with SQL|Ask for less/);
  });

  it('needs no such sections where there is one', async () => {
    const one = await open('desk', desk);
    const { html, cells } = await driveAnalyst(digestProfile({ databases: [one.database] }), (_, sql) =>
      one.sandbox.query(sql),
    );
    expect(html.match(/<h2>.*?<\/h2>/g)).toEqual(
      ['Overview', 'Findings', 'Tables', 'Personal data', 'Checks to run from now on', 'Not looked at'].map(
        (title) => `<h2>${title}</h2>`,
      ),
    );
    expect(html).not.toContain('desk');
    expect(cells[0]).not.toContain('databases[');
  });

  it('says why the only one could not be opened', async () => {
    const { html, statements } = await driveAnalyst(digestProfile({ databases: [closed] }), async () => {
      throw new Error('nothing can be asked');
    });
    expect(wordsOf(html)).toContain('crm.example:5432 does not answer.');
    expect(statements).toEqual([]);
  });
});
