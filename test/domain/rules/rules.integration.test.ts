import { afterEach, describe, expect, it } from 'vitest';
import { keysAndRows } from '../../support/run-rules.ts';
import { type CheckedDatabase, databaseOf, sqliteOf } from '../../support/flawed-database.ts';

const opened: CheckedDatabase[] = [];
afterEach(() => {
  for (const database of opened.splice(0)) database.close();
});
const check = async (setup: readonly string[]): Promise<CheckedDatabase> => {
  const database = await databaseOf(setup);
  opened.push(database);
  return database;
};
const factsOf = ({ run }: CheckedDatabase): readonly string[] => run.facts.map(({ text }) => text);

/** Two hundred members of a club, each visiting once an hour: nothing is wrong with them. */
const members =
  "create table members as select i as member_id, 'M' || (1000 + i) as badge_no, ['gold', 'silver', 'basic'][i % 3 + 1] as level, timestamp '2025-01-01 08:00:00' + to_hours(cast(i as integer)) as joined_at, cast(20.0 + (i * 37) % 40 as double) as fee from range(200) t(i)";
const visits =
  "create table visits as select i as visit_id, i % 200 as member_id, timestamp '2025-02-01 00:00:00' + to_minutes(cast(i * 30 as integer)) as entered_at, timestamp '2025-02-01 00:00:00' + to_minutes(cast(i * 30 + 20 + i % 50 as integer)) as left_at, 1 + i % 4 as drinks, 2.5 + (i % 5) as price, round((1 + i % 4) * (2.5 + (i % 5)), 2) as bill, 'fine' || (i % 400) as remark from range(2000) t(i)";

describe('The rules', () => {
  it('find nothing wrong with tables that are right, and say how they belong together', async () => {
    const database = await check([members, visits]);
    expect(database.run.failed).toEqual([]);
    expect(database.run.findings).toEqual([]);
    expect(database.run.not_looked_at).toEqual([]);
    expect(factsOf(database)).toEqual(
      expect.arrayContaining([
        'member_id points at members.member_id: 100% of 2,000 rows find their row; every row of members is pointed at.',
        'bill = drinks × price holds in 100% of 2,000 rows.',
        'visit_id is a key: every row has one, and none occurs twice.',
      ]),
    );
    expect(database.run.keys.map(({ table, columns, basis }) => [table, columns, basis])).toEqual([
      ['members', ['member_id'], 'measured'],
      ['members', ['badge_no'], 'measured'],
      ['visits', ['visit_id'], 'measured'],
    ]);
    expect(database.run.relationships).toMatchObject([
      {
        source: 'main',
        from: { table: 'visits', columns: ['member_id'] },
        to: { table: 'members', columns: ['member_id'] },
        basis: 'inferred',
        rows: 2_000,
        orphans: 0,
      },
    ]);
  });

  it.each<readonly [string, string, Record<string, number>]>([
    [
      'references that point at nothing',
      'update visits set member_id = 7000 + visit_id where visit_id % 100 = 7',
      { 'orphan/main/visits/member_id#members': 20 },
    ],
    [
      'rows that were loaded twice',
      'insert into visits select * from visits where visit_id < 15',
      { 'duplicate-rows/main/visits/': 15 },
    ],
    [
      'a key that two different rows share',
      "update members set badge_no = 'M1003' where member_id = 4",
      { 'duplicate-key/main/members/badge_no': 1 },
    ],
    [
      'one thing under two keys',
      "insert into members select member_id + 500, badge_no, level, joined_at, fee from members where member_id < 3; update members set badge_no = 'X'",
      { 'duplicate-except-key/main/members/member_id': 3, 'single-value/main/members/badge_no': 203 },
    ],
    [
      'spellings',
      "update members set level = 'Gold ' where member_id in (0, 3, 6); update members set level = 'silvr' where member_id = 1",
      { 'spelling/main/members/level': 4 },
    ],
    [
      'words for nothing',
      "update members set level = 'N/A' where member_id < 5",
      { 'placeholder-text/main/members/level#N%2fA': 5 },
    ],
    [
      'missing values',
      'update visits set price = null, bill = null where visit_id % 50 = 3',
      { 'missing-values/main/visits/price': 40, 'missing-values/main/visits/bill': 40 },
    ],
    [
      'values that are missing in one part',
      "update members set fee = null where level = 'gold' and member_id % 2 = 0",
      { 'missing-values/main/members/fee': 34 },
    ],
    [
      'placeholders',
      'update members set fee = -999 where member_id % 20 = 0',
      { 'placeholder/main/members/fee#-999': 10, 'negative-value/main/members/fee': 10 },
    ],
    [
      'another unit',
      'update visits set price = price * 100, bill = bill * 100 where visit_id % 41 = 1',
      { 'outlier/main/visits/price': 49, 'outlier/main/visits/bill': 49 },
    ],
    [
      'totals that do not add up',
      'update visits set bill = bill + 1 where visit_id % 25 = 0',
      { 'wrong-total/main/visits/bill,drinks,price': 80 },
    ],
    [
      'totals that do not add up, where parts are missing too',
      'update visits set bill = bill + 1 where visit_id % 25 = 0; update visits set price = null where visit_id % 50 = 3',
      { 'wrong-total/main/visits/bill,drinks,price': 80, 'missing-values/main/visits/price': 40 },
    ],
    [
      'numbers that are none',
      "update members set fee = 'nan' where member_id < 6",
      { 'not-a-number/main/members/fee': 6 },
    ],
    [
      'times in the wrong order',
      "update visits set left_at = entered_at - interval '3 hours' where visit_id % 200 = 9",
      { 'reversed-times/main/visits/left_at,entered_at': 10 },
    ],
    [
      'times in the future',
      "update visits set entered_at = timestamp '2055-01-01', left_at = timestamp '2055-01-02' where visit_id in (3, 4)",
      {
        'future-time/main/visits/entered_at': 2,
        'future-time/main/visits/left_at': 2,
        'unusual-delay/main/visits/left_at,entered_at': 2,
      },
    ],
    [
      'silence',
      "delete from visits where entered_at between timestamp '2025-02-20' and timestamp '2025-02-23'",
      { 'gap-in-time/main/visits/entered_at#2025-02-19%2023:30:00': 146 },
    ],
    [
      'silence by day, where many rows share a day and weekends have none',
      "create table sales as select i as sale_id, date '2026-01-05' - cast(i // 30 as integer) as due_date, date '2024-01-01' + cast(i // 30 as integer) as sold_on from range(9000) t(i); delete from sales where dayofweek(sold_on) in (0, 6); delete from sales where sold_on between date '2024-05-06' and date '2024-05-24'",
      { 'gap-in-time/main/sales/sold_on#2024-05-03%2000:00:00': 540 },
    ],
    [
      'rows older than what they belong to',
      "update members set joined_at = timestamp '2025-02-10' where member_id = 5",
      { 'before-parent/main/visits/entered_at,member_id#members.joined_at': 3 },
    ],
    [
      'personal data in free text',
      "update visits set remark = 'please charge 4111 1111 1111 1111 again' where visit_id < 4; update visits set remark = 'write to jane@example.org or call +49 30 1234567' where visit_id between 5 and 9",
      {
        'personal-data-in-text/main/visits/remark#payment%20card%20number': 4,
        'personal-data-in-text/main/visits/remark#e-mail%20address': 5,
        'personal-data-in-text/main/visits/remark#telephone%20number': 5,
      },
    ],
    [
      'percentages that cannot be',
      'alter table visits add column load_pct double; update visits set load_pct = 40 + visit_id % 50; update visits set load_pct = 170.5 where visit_id % 400 = 0',
      { 'percent-range/main/visits/load_pct': 5 },
    ],
    [
      'blank texts, and texts with white space around them',
      "update visits set remark = '  ' where visit_id % 100 = 0; update visits set remark = ' fine1' where visit_id % 100 = 1",
      { 'blank-text/main/visits/remark': 20, 'padded-text/main/visits/remark': 20 },
    ],
    [
      'durations that do not fit their times',
      "alter table visits add column stay_minutes integer; update visits set stay_minutes = date_diff('minute', entered_at, left_at); update visits set stay_minutes = 5000 where visit_id % 400 = 1",
      { 'wrong-duration/main/visits/stay_minutes,entered_at,left_at': 5, 'outlier/main/visits/stay_minutes': 5 },
    ],
    [
      'columns that hold nothing, or the same everywhere',
      "alter table visits add column door varchar; alter table visits add column house varchar default 'main'; alter table visits add column url varchar; update visits set url = 'https://example.org/' || visit_id; update visits set url = 'none yet' where visit_id < 7",
      {
        'empty-column/main/visits/door': 2_000,
        'single-value/main/visits/house': 2_000,
        'malformed-text/main/visits/url': 7,
      },
    ],
    [
      'values of any type that are the same everywhere, but no booleans',
      "create or replace table visits as select *, time '08:00:00' as opens, interval '2 hours' as lasts, '101'::bit as doors, ['a', 'b'] as tags, {'x': 1, 'y': 2} as place, true as is_open, [remark] as rooms from visits",
      {
        'single-value/main/visits/opens': 2_000,
        'single-value/main/visits/lasts': 2_000,
        'single-value/main/visits/doors': 2_000,
        'single-value/main/visits/tags': 2_000,
        'single-value/main/visits/place': 2_000,
      },
    ],
    [
      'one number far from all others',
      'update members set fee = 4000 where member_id = 7',
      { 'outlier/main/members/fee': 1 },
    ],
    [
      'times that are stored as text',
      "alter table visits add column ordered_at varchar; update visits set ordered_at = strftime(entered_at, '%Y-%m-%d %H:%M:%S')",
      { 'time-as-text/main/visits/ordered_at': 2_000 },
    ],
    [
      'zeros where there can hardly be one',
      'update members set fee = 0 where member_id in (7, 8); alter table members rename fee to price',
      { 'zero-value/main/members/price': 2 },
    ],
  ])('find %s, and nothing else', async (_, flaw, expected) => {
    const { run, count } = await check([members, visits, ...flaw.split('; ')]);
    expect(run.failed).toEqual([]);
    expect(keysAndRows(run)).toEqual(expected);
    for (const { key, rows, rule, check: returned } of run.findings) {
      if (returned === undefined) throw new Error(`${key} has no check`);
      expect([key, await count(returned.text)]).toEqual([key, rule === 'gap-in-time' ? 1 : rows]);
    }
  });

  it('tell a value that its row explains from one that is lost', async () => {
    const state =
      "create table parcels as select i as parcel_id, case when i % 4 = 0 then 'open' else 'sent' end as state, case when i % 4 = 0 then null else timestamp '2025-01-01' + to_minutes(cast(i as integer)) end as sent_at from range(400) t(i)";
    const right = await check([state]);
    expect(right.run.findings).toEqual([]);
    expect(factsOf(right)).toContain('sent_at is missing where state is open: 100 rows, which state explains.');
    const wrong = await check([state, 'update parcels set sent_at = null where parcel_id in (1, 2, 3)']);
    expect(keysAndRows(wrong.run)).toEqual({ 'contradicting-state/main/parcels/sent_at,state': 3 });
    expect(await wrong.count(wrong.run.findings[0]?.check?.text ?? '')).toBe(3);
  });

  it('take a time that has not come, and what hardly any row has, for no flaw', async () => {
    const database = await check([
      "create table tasks as select i as task_id, timestamp '2025-01-01' + to_minutes(cast(i as integer)) as opened_at, case when i % 11 > 0 then timestamp '2025-02-01' + to_minutes(cast(i as integer)) end as closed_at, case when i % 9 = 0 then 'see ' || i end as note from range(500) t(i)",
    ]);
    expect(keysAndRows(database.run)).toEqual({});
    expect(factsOf(database)).toEqual(
      expect.arrayContaining([
        '46 rows of 500 (9.2%) have no closed_at: it may not have happened yet.',
        '444 rows of 500 (89%) have no note: it is rarely filled, and so may well be empty.',
      ]),
    );
  });

  it('find the one device that measures in another unit, and since when', async () => {
    const { run, count } = await check([
      "create table probes as select i as probe_no, 'D-' || (i % 12) as device_id, timestamp '2025-03-01' + to_minutes(cast(i // 12 * 15 as integer)) as taken_at, timestamp '2025-03-01' + to_minutes(cast(i // 12 * 15 as integer)) + to_seconds(5 + i % 7) as received_at, 18.0 + (i * 7) % 5 as temp_c from range(12000) t(i)",
      "update probes set temp_c = temp_c * 1.8 + 32 where device_id = 'D-7' and taken_at >= timestamp '2025-03-08'",
      "update probes set received_at = taken_at + interval '30 hours' where probe_no % 150 = 3",
    ]);
    expect(keysAndRows(run)).toEqual({
      'concentrated-outliers/main/probes/temp_c,device_id': 328,
      'late-arrival/main/probes/received_at,taken_at': 80,
    });
    const [own] = run.findings.filter(({ rule }) => rule === 'concentrated-outliers');
    expect(own?.detail).toMatch(
      /^All 328 outliers of temp_c have device_id = D-7, the first at taken_at 2025-03-08 00:00\./,
    );
    expect(own?.detail).toContain('degrees Fahrenheit are for degrees Celsius');
    expect(await count(own?.check?.text ?? '')).toBe(328);
  });

  it('tell of contradicting rows of one device at one time', async () => {
    const { run, count } = await check([
      "create table probes as select i as probe_no, 'D-' || (i % 12) as device_id, timestamp '2025-03-01' + to_minutes(cast(i // 12 * 15 as integer)) as taken_at, 18.0 + (i * 7) % 5 as temp_c from range(1200) t(i)",
      'insert into probes select probe_no + 5000, device_id, taken_at, temp_c + 1 from probes where probe_no < 6',
    ]);
    expect(keysAndRows(run)).toEqual({ 'contradicting-rows/main/probes/device_id,taken_at': 6 });
    expect(await count(run.findings[0]?.check?.text ?? '')).toBe(6);
  });

  it('never carry personal data on', async () => {
    const { run } = await check([
      "create table people as select i as id, 'Jane Secret' || i as full_name, 'jane' || i || '@example.org' as email, date '1980-01-01' + cast(i as integer) as birth_date, 'I am Jane Secret, jane@example.org' as words from range(300) t(i)",
      "update people set email = 'JANE at example' where id = 3",
      "update people set full_name = 'jane secret1' where id = 1",
    ]);
    expect(keysAndRows(run)).toEqual({
      'malformed-text/main/people/email': 1,
      'personal-data-in-text/main/people/words#e-mail%20address': 300,
      'personal-data/main/people/birth_date#date%20or%20year%20of%20birth': 300,
      'personal-data/main/people/email#e-mail%20address': 299,
      'personal-data/main/people/full_name#name%20of%20a%20person': 300,
      'single-value/main/people/words': 300,
    });
    const { findings, facts } = run;
    const shown = findings.map(({ examples, title, detail }) => [examples, title, detail]);
    expect(JSON.stringify([shown, facts])).not.toMatch(/Jane Secret|@example/i);
  });

  it('take long numbers without a check digit for no payment cards, in text and in columns', async () => {
    const database = await check([
      members,
      visits,
      "update visits set remark = 'parcel 4111 1111 1111 1112 is lost' where visit_id < 4",
      'alter table visits add column parcel varchar',
      "update visits set parcel = '4000 0000 0000 ' || (1000 + visit_id) where visit_id % 10 <> 0",
    ]);
    expect(keysAndRows(database.run)).toEqual({ 'missing-values/main/visits/parcel': 200 });
    expect(factsOf(database)).toContain(
      'Of 4 texts of remark with 13 or more digits, 0 hold a number whose check digit is that of a payment card.',
    );
  });

  it('take neither days that many rows share, nor what recurs, nor what is planned for silence', async () => {
    const days = "select i, date '2024-01-01' + cast(i // 30 as integer) as day from range(18000) t(i)";
    const { run } = await check([
      `create table shifts as select i as shift_id, day as worked_on from (${days}) where dayofweek(day) not in (0, 6)`,
      `create table closings as select i as closing_id, day as closed_on from (${days}) where dayofmonth(day) <= 3`,
      `create table bills as select i as bill_id, day + case when i > 9000 then 90 else 0 end as due_date, day + case when i > 9000 then 90 else 0 end as valid_to from (${days})`,
      "create table calls as select i as call_id, timestamp '2024-01-01 08:00:00' + to_days(cast(i // 60 as integer)) + to_minutes(cast(i % 60 * 10 as integer)) as called_at from range(6000) t(i)",
    ]);
    expect(run.failed).toEqual([]);
    expect(run.findings).toEqual([]);
  });

  it('seek silence by the time of recording, if there is one', async () => {
    const { run } = await check([
      "create table notes as select i as note_id, timestamp '2023-01-01' + to_hours(cast(i as integer)) as happened_at, timestamp '2025-01-01' + to_hours(cast(i + case when i >= 500 then 200 else 0 end as integer)) as created_at from range(1000) t(i)",
    ]);
    expect(run.findings.filter(({ rule }) => rule === 'gap-in-time').map(({ place }) => place.columns)).toEqual([
      ['created_at'],
    ]);
  });

  it('take codes for no numbers, and addresses and telephone numbers in any usual form for right', async () => {
    const odd = (values: readonly string[], usual: string) =>
      `case when i < ${values.length} then [${values.map((value) => `'${value}'`).join(', ')}][i + 1] else ${usual} end`;
    const { run } = await check([
      `create table guests as select i as guest_id, ${odd(['WX1 6LT', 'K1A 0B1'], '(10000 + i)::varchar')} as postcode,
        ${odd(['30.59.84.10', '981-443655', '1 (780) 836-9987', '43844108'], "'+49 30 ' || (1234000 + i)")} as phone,
        ${odd(['981-443655', '1 (780) 836-9987'], '(43844108 + i)::varchar')} as fax,
        ${odd(['stanisław.wójcik@wp.pl', 'o.hara@exämple.org', 'jane at example'], "'guest' || i || '@example.org'")} as email,
        ${odd(['4711-A', '4711-B'], '(4711 + i)::varchar')} as room_no from range(300) t(i)`,
      `create table sizes as select i as size_id, ${odd(['n. k.', 'viele'], '(i * 1.5)::varchar')} as width from range(300) t(i)`,
    ]);
    expect(run.failed).toEqual([]);
    const malformed = run.findings.filter(({ rule }) => rule === 'malformed-text');
    expect(keysAndRows({ findings: malformed })).toEqual({
      'malformed-text/main/guests/email': 1,
      'malformed-text/main/sizes/width': 2,
    });
    expect(malformed.map(({ examples }) => examples)).toEqual([['n. k.', 'viele'], []]);
  });

  it('grade a single outlier low, and several medium', async () => {
    const severities = async (flaw: string) =>
      (await check([members, flaw])).run.findings.map(({ rule, severity }) => [rule, severity]);
    expect(await severities('update members set fee = 4000 where member_id = 7')).toEqual([['outlier', 'low']]);
    expect(await severities('update members set fee = fee + 4000 where member_id in (7, 8)')).toEqual([
      ['outlier', 'medium'],
    ]);
  });

  it.each<readonly [string, string, readonly string[]]>([
    [
      'wrong-total',
      'update visits set bill = 777 where visit_id % 400 = 0; update visits set bill = 778 where visit_id = 400',
      ['777', '778'],
    ],
    [
      'reversed-times',
      "update visits set left_at = timestamp '2025-01-02' where visit_id = 9",
      ['2025-01-02 00:00:00'],
    ],
    [
      'before-parent',
      "update members set joined_at = timestamp '2025-02-10' where member_id = 5",
      ['2025-02-01 02:30:00', '2025-02-09 10:30:00'],
    ],
    [
      'not-a-number',
      "update members set fee = 'nan' where member_id < 3; update members set fee = 'infinity' where member_id = 3",
      ['inf', 'nan'],
    ],
  ])('show examples of %s', async (rule, flaw, expected) => {
    const { run } = await check([members, visits, ...flaw.split('; ')]);
    const found = run.findings.find((one) => one.rule === rule);
    expect(found?.examples.map((one) => one.replace(/\.0$/, ''))).toEqual(expected);
  });

  it('find rows that point with two columns at a key which is itself repeated and half empty', async () => {
    // SQLite lets a reference be declared that nobody enforces, to columns that are no key.
    const database = await sqliteOf(async (file) => {
      file.write(`
        pragma foreign_keys = off;
        create table shelves (hall integer, shelf integer, label text);
        create table boxes (box_id integer primary key, hall integer, shelf integer, foreign key (hall, shelf) references shelves (hall, shelf));
        with recursive t(i) as (select 0 union all select i + 1 from t where i < 99) insert into shelves select i / 10, i % 10, 'L' || i from t;
        with recursive t(i) as (select 0 union all select i + 1 from t where i < 499) insert into boxes select i, i % 10, i % 7 from t;
        insert into shelves select * from shelves where hall = 3 and shelf < 4;
        update shelves set shelf = null where hall = 5;
        delete from shelves where hall = 2 and shelf = 2;
        update boxes set shelf = null where box_id < 10;`);
    });
    opened.push(database);
    const { run, count } = database;
    const lost = await count(
      'select * from boxes b where hall is not null and shelf is not null and not exists (select 1 from shelves s where s.hall = b.hall and s.shelf = b.shelf)',
    );
    expect(lost).toBeGreaterThan(50);
    const [found, ...others] = run.findings.filter(({ rule }) => rule === 'orphan');
    expect(others).toEqual([]);
    // A key that is there twice is found once, one of which a part is missing not at all.
    expect(found).toMatchObject({ key: 'orphan/main/boxes/hall,shelf#shelves', rows: lost, of: 490, examples: [] });
    expect(await count(found?.check?.text ?? '')).toBe(lost);
    expect(run.relationships).toMatchObject([
      { from: { columns: ['hall', 'shelf'] }, to: { table: 'shelves' }, basis: 'declared', rows: 490, orphans: lost },
    ]);
  });

  it('say of a table too wide to be compared with itself that nobody looked for rows that occur twice', async () => {
    const database = await sqliteOf(async (file) => {
      const columns = Array.from({ length: 300 }, (_, index) => `${'long_'.repeat(140)}${index}`);
      file.write(`create table wide (${columns.map((name) => `${name} integer`).join(', ')});`);
      for (let row = 0; row < 2; row += 1) file.write(`insert into wide values (${columns.map(() => 7).join(', ')})`);
    });
    opened.push(database);
    const { findings, not_looked_at } = database.run;
    expect(findings.filter(({ rule }) => rule === 'duplicate-rows')).toEqual([]);
    expect(not_looked_at.filter(({ rule }) => rule === 'duplicate-rows')).toEqual([
      {
        source: 'main',
        table: 'wide',
        rule: 'duplicate-rows',
        reason: 'too_large',
        detail: 'wide: rows that occur twice would take a statement longer than an engine reads.',
      },
    ]);
  });

  it('find copies of a row whose primary key is empty, which SQLite allows', async () => {
    const database = await sqliteOf(async (file) => {
      file.write('create table notes (note_id text primary key, body text);');
      file.write("insert into notes values ('a', 'x'), (null, 'same'), (null, 'same'), (null, 'other')");
    });
    opened.push(database);
    expect(keysAndRows({ findings: database.run.findings.filter(({ rule }) => rule === 'duplicate-rows') })).toEqual({
      'duplicate-rows/main/notes/': 1,
    });
  });

  it('speak of one row as of one', async () => {
    const { run } = await check([members, visits, "update visits set remark = '' where visit_id = 100"]);
    expect(run.findings.map(({ detail }) => detail)).toEqual([
      '1 row holds an empty text or white space in remark instead of NULL, which passes for filled.',
    ]);
  });

  it('tell which numbers go together: the five pairs that do most, and how many others', async () => {
    const database = await check([
      'create table loads as select i as load_no, i * 1.5 as a, i * i as b, sqrt(i) as c, -i as d, i % 7 as e from range(1, 400) t(i)',
    ]);
    const facts = factsOf(database).filter((text) => /rank correlation|go together/.test(text));
    expect(facts).toHaveLength(6);
    expect(facts[0]).toBe('a and b rise together (rank correlation 1 in all 399 rows).');
    expect(facts[2]).toBe('a and d run against each other (rank correlation -1 in all 399 rows).');
    expect(facts[5]).toBe('And 1 more pair of columns go together.');
  });
});
