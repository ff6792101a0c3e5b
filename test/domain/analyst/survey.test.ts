import { afterEach, describe, expect, it } from 'vitest';
import { type AnalystRun, surveyTables } from '../../support/analyst-loop.ts';

const runs: AnalystRun[] = [];
afterEach(() => {
  for (const { bench } of runs.splice(0)) bench.close();
});
const survey = async (...args: Parameters<typeof surveyTables>): Promise<AnalystRun> => {
  const run = await surveyTables(...args);
  runs.push(run);
  return run;
};

/** What was found, as `where: finding`, with its rows. */
const found = (run: AnalystRun): Record<string, number> =>
  Object.fromEntries(run.findings.map(({ where, finding, rows }) => [`${where}: ${finding}`, rows]));

/** Two hundred members of a club, each visiting once an hour: nothing is wrong with them. */
const members =
  "create table members as select i as member_id, 'M' || (1000 + i) as badge_no, ['gold', 'silver', 'basic'][i % 3 + 1] as level, timestamp '2025-01-01 08:00:00' + to_hours(cast(i as integer)) as joined_at, cast(20.0 + (i * 37) % 40 as double) as fee from range(200) t(i)";
const visits =
  "create table visits as select i as visit_id, i % 200 as member_id, timestamp '2025-02-01 00:00:00' + to_minutes(cast(i * 30 as integer)) as entered_at, timestamp '2025-02-01 00:00:00' + to_minutes(cast(i * 30 + 20 + i % 50 as integer)) as left_at, 1 + i % 4 as drinks, 2.5 + (i % 5) as price, round((1 + i % 4) * (2.5 + (i % 5)), 2) as bill, 'fine' || (i % 400) as remark from range(2000) t(i)";

describe('The deterministic analyst', () => {
  it('finds nothing wrong with tables that are right, and says how they belong together', async () => {
    const printed = { rows: [[0, 200], [1, 2_000]], correlated: [], cards: [], failed: [] }; // prettier-ignore
    const run = await survey([members, visits], { cell: () => ({ stdout: JSON.stringify(printed), statements: 4 }) });
    expect(run.findings).toEqual([]);
    expect(run.text).toContain('None of the checks found anything wrong');
    expect(run.text).toContain('member_id points at members.member_id: 100% of 2,000 rows find their row');
    expect(run.text).toContain('bill = drinks × price holds in 100% of 2,000 rows');
    expect(run.text).toContain('visit_id is a key');
  });

  it.each<readonly [string, string, Record<string, number>]>([
    [
      'references that point at nothing',
      'update visits set member_id = 7000 + visit_id where visit_id % 100 = 7',
      { 'visits.member_id: member_id points at rows that do not exist': 20 },
    ],
    [
      'rows that were loaded twice',
      'insert into visits select * from visits where visit_id < 15',
      { 'visits: visits holds rows twice': 15 },
    ],
    [
      'a key that two different rows share',
      "update members set badge_no = 'M1003' where member_id = 4",
      { 'members.badge_no: badge_no occurs more than once': 1 },
    ],
    [
      'one thing under two keys',
      "insert into members select member_id + 500, badge_no, level, joined_at, fee from members where member_id < 3; update members set badge_no = 'X'",
      { 'members.member_id: One thing under several member_id': 3 },
    ],
    [
      'spellings',
      "update members set level = 'Gold ' where member_id in (0, 3, 6); update members set level = 'silvr' where member_id = 1",
      { 'members.level: level spells one thing in several ways': 4 },
    ],
    [
      'words for nothing',
      "update members set level = 'N/A' where member_id < 5",
      { 'members.level: level holds the word “N/A” for nothing': 5 },
    ],
    [
      'missing values',
      'update visits set price = null, bill = null where visit_id % 50 = 3',
      { 'visits.price: price is missing in places': 40, 'visits.bill: bill is missing in places': 40 },
    ],
    [
      'values that are missing in one part',
      "update members set fee = null where level = 'gold' and member_id % 2 = 0",
      { 'members.fee: fee is missing in one part of the table': 34 },
    ],
    [
      'placeholders',
      'update members set fee = -999 where member_id % 20 = 0',
      { 'members.fee: fee holds the placeholder -999': 10, 'members.fee: fee is negative': 10 },
    ],
    [
      'another unit',
      'update visits set price = price * 100, bill = bill * 100 where visit_id % 41 = 1',
      { 'visits.price: price has outliers': 49, 'visits.bill: bill has outliers': 49 },
    ],
    [
      'totals that do not add up',
      'update visits set bill = bill + 1 where visit_id % 25 = 0',
      { 'visits.bill: bill does not add up': 80 },
    ],
    [
      'numbers that are none',
      "update members set fee = 'nan' where member_id < 6",
      { 'members.fee: fee is not a number': 6 },
    ],
    [
      'times in the wrong order',
      "update visits set left_at = entered_at - interval '3 hours' where visit_id % 200 = 9",
      { 'visits.left_at: left_at is before entered_at': 10 },
    ],
    [
      'times in the future',
      "update visits set entered_at = timestamp '2055-01-01', left_at = timestamp '2055-01-02' where visit_id in (3, 4)",
      { 'visits.entered_at: entered_at lies in the future': 2, 'visits.left_at: left_at lies in the future': 2 },
    ],
    [
      'silence',
      "delete from visits where entered_at between timestamp '2025-02-20' and timestamp '2025-02-23'",
      { 'visits.entered_at: Nothing was recorded for 3 days': 146 },
    ],
    [
      'rows older than what they belong to',
      "update members set joined_at = timestamp '2025-02-10' where member_id = 5",
      { 'visits.entered_at: entered_at is before members.joined_at': 3 },
    ],
    [
      'personal data in free text',
      "update visits set remark = 'please charge 4111 1111 1111 1111 again' where visit_id < 4; update visits set remark = 'write to jane@example.org or call +49 30 1234567' where visit_id between 5 and 9",
      {
        'visits.remark: remark holds payment card numbers in free text': 4,
        'visits.remark: remark holds e-mail addresses in free text': 5,
        'visits.remark: remark holds telephone numbers in free text': 5,
      },
    ],
    [
      'percentages that cannot be',
      'alter table visits add column load_pct double; update visits set load_pct = 40 + visit_id % 50; update visits set load_pct = 170.5 where visit_id % 400 = 0',
      { 'visits.load_pct: load_pct is outside 0 to 100': 5 },
    ],
    [
      'blank texts',
      "update visits set remark = '  ' where visit_id % 100 = 0",
      { 'visits.remark: remark holds blank texts': 20 },
    ],
  ])('finds %s', async (_, flaw, expected) => {
    const run = await survey([members, visits, ...flaw.split('; ')]);
    expect(found(run)).toMatchObject(expected);
    for (const finding of run.findings) expect(finding.rows).toBeGreaterThan(0);
  });

  it('tells a value that its row explains from one that is lost', async () => {
    const state =
      "create table parcels as select i as parcel_id, case when i % 4 = 0 then 'open' else 'sent' end as state, case when i % 4 = 0 then null else timestamp '2025-01-01' + to_minutes(cast(i as integer)) end as sent_at from range(400) t(i)";
    const right = await survey([state]);
    expect(right.findings).toEqual([]);
    expect(right.text).toContain('sent_at is missing where state is open');
    const wrong = await survey([state, 'update parcels set sent_at = null where parcel_id in (1, 2, 3)']);
    expect(found(wrong)).toEqual({ 'parcels.sent_at: sent_at contradicts state': 3 });
  });

  it('finds the one device that measures in another unit, and since when', async () => {
    const run = await survey([
      "create table probes as select i as probe_no, 'D-' || (i % 12) as device_id, timestamp '2025-03-01' + to_minutes(cast(i // 12 * 15 as integer)) as taken_at, timestamp '2025-03-01' + to_minutes(cast(i // 12 * 15 as integer)) + to_seconds(5 + i % 7) as received_at, 18.0 + (i * 7) % 5 as temp_c from range(12000) t(i)",
      "update probes set temp_c = temp_c * 1.8 + 32 where device_id = 'D-7' and taken_at >= timestamp '2025-03-08'",
      "update probes set received_at = taken_at + interval '30 hours' where probe_no % 150 = 3",
    ]);
    expect(run.text).toMatch(/All \d+ outliers of temp_c have device_id = D-7, the first at taken_at 2025-03-08 00:00/);
    expect(run.text).toContain('degrees Fahrenheit are for degrees Celsius');
    expect(found(run)).toMatchObject({ 'probes.received_at: Data arrives late in probes': 80 });
  });

  it('finds durations that do not fit their times', async () => {
    const run = await survey([
      members,
      visits,
      'alter table visits add column stay_minutes integer',
      "update visits set stay_minutes = date_diff('minute', entered_at, left_at)",
      'update visits set stay_minutes = 5000 where visit_id % 400 = 1',
    ]);
    expect(found(run)).toMatchObject({ 'visits.stay_minutes: stay_minutes does not fit its times': 5 });
    expect(run.text).toContain('stay_minutes is the time from entered_at to left_at in minutes in 99.8% of 2,000 rows');
  });

  it('never copies personal data into the report', async () => {
    const run = await survey([
      "create table people as select i as id, 'Jane Secret' || i as full_name, 'jane' || i || '@example.org' as email, date '1980-01-01' + cast(i as integer) as birth_date, 'I am Jane Secret, jane@example.org' as words from range(300) t(i)",
      "update people set email = 'JANE at example' where id = 3",
      "update people set full_name = 'jane secret1' where id = 1",
    ]);
    expect(run.text).toContain('people.full_name name of a person 300 100%');
    expect(run.text).toContain('people.email e-mail address');
    expect(run.text).toContain('people.birth_date date or year of birth');
    expect(run.report.body_html).not.toMatch(/Jane Secret|@example/i);
  });

  it('cites evidence that the report holds for every finding', async () => {
    const run = await survey([members, visits, 'update visits set bill = bill + 1 where visit_id % 25 = 0']);
    const cited = [...run.report.body_html.matchAll(/href="#(e[0-9a-f]{12})"/g)]
      .map((match) => match[1])
      .filter((id) => !id!.startsWith('e00000'));
    expect(cited.length).toBeGreaterThan(5);
    const known = new Set(run.report.evidence.map(({ evidence_id }) => evidence_id));
    expect(cited.filter((id) => !known.has(id!))).toEqual([]);
  });

  it('writes the same bytes for the same data', async () => {
    const setup = [members, visits, 'update visits set bill = bill + 1 where visit_id % 25 = 0'];
    const [first, second] = [await survey(setup), await survey(setup)];
    expect(first.report.body_html).toBe(second.report.body_html);
  });

  it('counts again from Python, and says what it could not look at', async () => {
    const printed = {
      rows: [
        [0, 200],
        [1, 2_001],
      ],
      correlated: [[1, 1, 2, 0.81]],
      cards: [[0, 4, 3]],
      failed: [['look_at', 0, 'no such type']],
    };
    const card = "update visits set remark = 'please charge 4111 1111 1111 1111 again' where visit_id < 4";
    const run = await survey([members, visits, card], {
      cell: () => ({ stdout: `${JSON.stringify(printed)}\n`, statements: 4 }),
    });
    expect(found(run)).toEqual({
      'visits: visits changed during the survey': 1,
      'visits.remark: remark holds payment card numbers in free text': 4,
    });
    expect(run.text).toContain('price and bill rise together (rank correlation 0.81');
    expect(run.text).toContain('Of 4 texts of remark with 13 or more digits, 3 hold a number whose check digit');
    expect(run.text).toContain('members from Python: no such type');
    const failed = await survey([members], {
      cell: () => ({
        error: { kind: 'RUNNER_MEMORY', name: 'MemoryError', message: 'too much', traceback: '' },
        state_lost: true,
      }),
    });
    expect(failed.text).toContain('Counting again from Python: evidence');
  });

  it('names the five pairs of columns that go together most, and counts the others', async () => {
    const pairs = Array.from({ length: 12 }, (_, index) => [1, 1, 2, (70 + index) / 100]);
    const printed = { rows: [], correlated: pairs, cards: [], failed: [] };
    const run = await survey([members, visits], { cell: () => ({ stdout: JSON.stringify(printed) }) });
    expect(run.text.match(/rise together \(rank correlation [\d.]+/g)).toHaveLength(5);
    expect(run.text).toContain('rank correlation 0.81');
    expect(run.text).toContain('And 7 more pairs of columns go together.');
  });

  it('speaks of one row as of one', async () => {
    const run = await survey([members, visits, "update visits set remark = '' where visit_id = 100"]);
    expect(run.text).toContain('1 row holds an empty text or white space in remark');
  });

  it('takes long numbers without a check digit for no payment cards', async () => {
    const numbers = "update visits set remark = 'parcel 4111 1111 1111 1112 is lost' where visit_id < 4";
    const printed = { rows: [], correlated: [], cards: [[0, 4, 0]], failed: [] };
    const run = await survey([members, visits, numbers], { cell: () => ({ stdout: JSON.stringify(printed) }) });
    const [finding] = run.findings.filter(({ where }) => where === 'visits.remark');
    expect(finding).toMatchObject({
      severity: 'low',
      finding: 'remark holds long numbers that are no payment cards',
      rows: 4,
    });
    expect(run.text).not.toContain('payment card number in free text');
  });

  it('says that a view is one, and of it only what its tables do not say', async () => {
    const run = await survey([
      members,
      "update members set level = 'Gold' where member_id < 6",
      'create view by_level as select member_id, level, fee, case when member_id % 10 > 0 then fee * 2 end as twice from members',
      'create view plain as select * from members',
    ]);
    expect(found(run)).toEqual({
      'members.level: level spells one thing in several ways': 6,
      'by_level.twice: twice is missing in places': 20,
    });
    expect(run.text).toContain('1 table and 2 views with 200 rows');
    expect(run.text).toContain('A view: 200 rows of 4 columns');
    expect(run.text).not.toContain('by_level.member_id');
  });

  it('asks nothing that the database itself sees to, and names the key that it declares', async () => {
    const run = await survey([
      'create table stays (room integer, night date, guest varchar, primary key (room, night))',
      "insert into stays select i % 10, date '2025-01-01' + cast(i // 10 as integer), 'G' || i % 7 from range(400) t(i)",
    ]);
    expect(run.text).toContain('room and night together are the primary key');
    expect(run.report.evidence.filter(({ text }) => text.includes('copies'))).toEqual([]);
  });

  it('shows days far away and before Christ whole', async () => {
    const run = await survey([
      "create table eras as select i as era_no, case when i < 50 then date '0044-03-15 (BC)' else date '12025-01-01' end as began from range(100) t(i)",
    ]);
    expect(run.text).toContain('98% of them lie between 0044-03-15 BC and 12025-01-01');
  });

  it('stays within a small budget, and says what it left out', async () => {
    const run = await survey([members, visits], { budget: { statements: 30 } });
    expect((await run.bench.session('cataloging')).statements).toBeLessThanOrEqual(30);
    expect(run.text).toMatch(/\d+ further statements did not fit the budget/);
    const hurried = await survey([members, visits], { budget: { turns: 1 } });
    expect((await hurried.bench.session('cataloging')).turns).toBe(1);
    expect(hurried.text).toContain('None of the checks that were run');
    expect(hurried.text).toContain('Counting again from Python: not done, because the budget ran low');
  });

  it('is not led astray by names: quotes, markup, tags and templates stay names', async () => {
    const run = await survey([
      `create table "a ""b"" </profile> <script>x</script> {{drift}}" as select i as "id ' \\ ", case when i = 3 then null else 'x' || i % 3 end as "<b>bold</b>" from range(100) t(i)`,
    ]);
    expect(run.report.body_html).not.toMatch(/<script>|<b>bold/);
    expect(run.text).toContain('a "b" </profile> <script>x</script> {{drift}}');
    expect(run.text).toContain('<b>bold</b> is missing in places');
    expect(run.text).not.toContain('STATEMENT_FAILED');
  });

  it('is not led astray by a table that is called like a property of objects', async () => {
    const printed = { rows: [[0, 40]], correlated: [], cards: [], failed: [] }; // prettier-ignore
    const run = await survey(['create table __proto__ as select i as id, i * 2 as size from range(40) t(i)'], {
      cell: () => ({ stdout: JSON.stringify(printed) }),
    });
    expect(run.findings).toEqual([]);
    expect(run.text).toContain('1 table with 40 rows');
  });

  it('surveys an empty table and an empty database', async () => {
    const run = await survey(['create table nothing (id integer, name varchar)']);
    expect(run.text).toContain('1 table with 0 rows');
    expect((await survey([])).text).toContain('0 tables with 0 rows');
  });
});
