import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding, NotLookedAt } from '../../../src/contracts/finding.ts';
import { compareFindings } from '../../../src/domain/drift/compare-findings.ts';
import { renameSources } from '../../../src/domain/drift/surveyed-run.ts';
import { type Planned, finding, ref, survey, table } from './surveys.ts';

/** What has become of the findings, in the last of several surveys of one database. */
const changes = (...surveys: readonly Planned[]) => {
  const [later, ...earlier] = surveys.map((one, index) => survey(index, one)).toReversed();
  return compareFindings(later!, earlier);
};

const states = (...surveys: readonly Planned[]) =>
  Object.fromEntries(changes(...surveys).changes.map(({ key, state }) => [key, state]));

const orders = [table('orders'), table('customers')];
const orphan = (rows: number, more: Partial<Finding> = {}) =>
  finding('orphan', 'orders', ['customer_id'], rows, { other_tables: ['customers'], ...more });
const blank = (rows: number, more: Partial<Finding> = {}) => finding('blank', 'customers', ['email'], rows, more);

describe('comparing the findings of runs', () => {
  it('compares nothing where there was no run before, and says so by naming none', () => {
    expect(changes({ tables: orders, findings: [blank(1)] })).toEqual({
      without_findings: [],
      is_cut: false,
      changes: [],
    });
  });

  it('tells new, grown, shrunk, unchanged and gone', () => {
    const before = { tables: orders, findings: [blank(3), orphan(5)] };
    expect(states(before, before)).toEqual({
      'blank/main/customers/email': 'unchanged',
      'orphan/main/orders/customer_id': 'unchanged',
    });
    expect(states(before, { tables: orders, findings: [blank(4), orphan(4)] })).toEqual({
      'blank/main/customers/email': 'grown',
      'orphan/main/orders/customer_id': 'shrunk',
    });
    const other = finding('blank', 'orders', ['note'], 1);
    expect(changes(before, { tables: orders, findings: [blank(3), other] }).changes).toEqual([
      { key: 'blank/main/customers/email', state: 'unchanged', before: 3, since: ref(0) },
      { key: 'blank/main/orders/note', state: 'new', since: ref(0) },
      { key: 'orphan/main/orders/customer_id', state: 'gone', before: 5, since: ref(0), earlier: orphan(5) },
    ]);
  });

  it('takes estimates that are a little apart for the same', () => {
    const estimate = (rows: number) => ({ tables: orders, findings: [blank(rows, { basis: 'sample' })] });
    expect(states(estimate(100), estimate(149))).toEqual({ 'blank/main/customers/email': 'unchanged' });
    expect(states(estimate(100), estimate(150))).toEqual({ 'blank/main/customers/email': 'grown' });
    expect(states(estimate(100), { tables: orders, findings: [blank(60)] })).toEqual({
      'blank/main/customers/email': 'shrunk',
    });
  });

  it.each<[string, Partial<Planned>, string, RegExp]>([
    ['could not measure its table', { tables: [orders[0]!], failed: ['customers'] }, 'not_measured', /measured: no$/],
    [
      'may no longer read its table',
      { tables: [orders[0]!], not_visible: [{ what: 'table', name: 'customers', detail: 'GRANT it.' }] },
      'not_visible',
      /^GRANT it/,
    ],
    [
      'may no longer read its column',
      {
        tables: [orders[0]!, table('customers', ['id'])],
        not_visible: [{ what: 'columns', name: 'customers', detail: 'GRANT it.' }],
      },
      'not_visible',
      /^GRANT it/,
    ],
    [
      'is not told of tables that its role may not read',
      { tables: [orders[0]!], role: { name: 'reader', can_write: false, found: [], lists_only_granted: true } },
      'not_visible',
      /^customers is not listed to reader/,
    ],
    ['could not open its database', { tables: [], failure: 'refused' }, 'not_measured', /opened: refused$/],
    ['does not have its rule', { rules: ['orphan'] }, 'not_asked', /rule blank did not run/],
    [
      'ran out of time before its rule',
      { not_looked_at: [{ source: 'main', table: 'customers', rule: 'blank', reason: 'time', detail: 'No time.' }] },
      'time',
      /^No time/,
    ],
    [
      'ran out of budget in its database',
      { not_looked_at: [{ source: 'main', reason: 'budget', detail: 'No budget.' }] },
      'budget',
      /^No budget/,
    ],
  ])('tells a finding as not looked at, never as gone, where the run %s', (_, view, reason, detail) => {
    const before = { tables: orders, findings: [blank(3)] };
    const blind = { tables: orders, findings: [], ...view };
    expect(changes(before, blind).changes).toEqual([
      {
        key: 'blank/main/customers/email',
        state: 'not_looked_at',
        before: 3,
        since: ref(0),
        reason,
        detail: expect.stringMatching(detail) as string,
        earlier: blank(3),
      },
    ]);
    // The same the other way round: what only the later run could look at is not new.
    expect(changes(blind, before).changes).toEqual([
      {
        key: 'blank/main/customers/email',
        state: 'not_compared',
        detail: expect.stringMatching(detail) as string,
      },
    ]);
    // And once it can be looked at again, it is compared with the run that did.
    expect(changes(before, blind, { tables: orders, findings: [blank(4)] }).changes).toEqual([
      { key: 'blank/main/customers/email', state: 'grown', before: 3, since: ref(0) },
    ]);
  });

  it('counts what rests on a table outside the run, and tells no word of it', () => {
    const one = { tables: [orders[0]!], asked: ['orders'], findings: [] };
    const all = { tables: orders, findings: [orphan(5), blank(3)] };
    const narrowed = changes(all, one);
    expect(narrowed).toMatchObject({ changes: [], outside: 2 });
    expect(JSON.stringify(narrowed)).not.toContain('customer');
    // And once it can be looked at again, it is compared with the run that did.
    expect(states(all, one, all)).toEqual({
      'orphan/main/orders/customer_id': 'unchanged',
      'blank/main/customers/email': 'unchanged',
    });
  });

  it('does not take what needs two tables for new where one of them was not asked for before', () => {
    const one = { tables: [orders[0]!], asked: ['orders'], findings: [] };
    const all = { tables: orders, findings: [orphan(5)] };
    expect(states(one, all)).toEqual({ 'orphan/main/orders/customer_id': 'not_compared' });
    expect(states(all, one, all)).toEqual({ 'orphan/main/orders/customer_id': 'unchanged' });
  });

  it('does not compare what was guessed among other tables', () => {
    const [customers, archive] = ['customers', 'archive'].map((to) =>
      finding('orphan', 'orders', ['customer_id'], 5, {
        other_tables: [to],
        key: `orphan/main/orders/customer_id#${to}`,
      }),
    );
    const all = { tables: [...orders, table('archive')], findings: [customers!] };
    const some = { tables: [orders[0]!, table('archive')], asked: ['orders', 'archive'], findings: [archive!] };
    expect(states(all, some)).toEqual({ [archive!.key]: 'not_compared' });
    expect(states(all, some, all)).toEqual({ [customers!.key]: 'unchanged', [archive!.key]: 'not_looked_at' });
    // A table that came or went is no reason not to compare.
    expect(states({ tables: orders, findings: [] }, { ...all, findings: [customers!] })).toEqual({
      [customers!.key]: 'new',
    });
  });

  it('does not miss in a view what is told of the table behind it', () => {
    const view = { ...table('recent', ['email']), schema: { ...table('recent').schema, kind: 'view' } } as const;
    const told = finding('blank', 'recent', ['email'], 3);
    const alone = { tables: [view], asked: ['recent'], findings: [told] };
    const all = { tables: [view, ...orders], findings: [blank(3)] };
    expect(states(all, alone)).toMatchObject({ [told.key]: 'not_compared' });
    expect(states(alone, all)).toEqual({ [told.key]: 'not_looked_at', [blank(3).key]: 'not_compared' });
  });

  it('never takes what an agent found, who looks where it sees fit, for new or gone', () => {
    const found = finding('agent-cents', 'orders', ['note'], 5);
    const other = finding('agent-cents', 'customers', ['note'], 5);
    const by = (...findings: readonly Finding[]) => ({ tables: orders, findings, rules: ['blank', 'agent-cents'] });
    expect(states(by(found), by(other))).toEqual({ [found.key]: 'not_looked_at', [other.key]: 'not_compared' });
    expect(states(by(found), by({ ...found, rows: 6 }))).toEqual({ [found.key]: 'grown' });
    // With its table it is gone, whoever found it.
    expect(states(by(found), { ...by(), tables: [orders[1]!] })).toEqual({ [found.key]: 'dropped' });
  });

  it('takes a gap of some columns, or of a rule that misses a table, for no more than that', () => {
    const before = { tables: orders, findings: [blank(3), orphan(5)] };
    const gap = (more: Partial<NotLookedAt>): NotLookedAt => ({
      source: 'main',
      table: 'customers',
      reason: 'not_visible',
      detail: '-',
      ...more,
    });
    const after = (one: NotLookedAt) => states(before, { tables: orders, findings: [orphan(5)], not_looked_at: [one] });
    expect(after(gap({ columns: ['phone'] }))).toMatchObject({ [blank(3).key]: 'gone' });
    expect(after(gap({ columns: ['email'] }))).toMatchObject({ [blank(3).key]: 'not_looked_at' });
    expect(after(gap({ columns: [] }))).toMatchObject({ [blank(3).key]: 'not_looked_at' });
    const lost = gap({ table: 'orders', rule: 'orphan', other_table: 'shops' });
    expect(states(before, { tables: orders, findings: [blank(3)], not_looked_at: [lost] })).toMatchObject({
      [orphan(5).key]: 'gone',
    });
    expect(
      states(before, { tables: orders, findings: [blank(3)], not_looked_at: [{ ...lost, other_table: 'customers' }] }),
    ).toMatchObject({ [orphan(5).key]: 'not_looked_at' });
  });

  it('lets findings go with the table or the column that they are about, and says so', () => {
    const before = { tables: orders, findings: [blank(3), orphan(5)] };
    expect(changes(before, { tables: [orders[0]!], findings: [], rules: ['orphan'] }).changes).toMatchObject([
      { state: 'dropped', detail: 'The table customers is not there any more.' },
      { state: 'dropped', detail: 'The table customers is not there any more.' },
    ]);
    expect(
      changes(before, { tables: [orders[0]!, table('customers', ['id'])], findings: [orphan(5)] }).changes,
    ).toMatchObject([{ state: 'unchanged' }, { state: 'dropped', detail: 'The column email is not there any more.' }]);
    const view = { ...table('customers'), schema: { ...table('customers').schema, kind: 'view' } } as const;
    expect(
      changes({ ...before, tables: [orders[0]!, view] }, { tables: [orders[0]!], findings: [], rules: ['orphan'] })
        .changes[0]?.detail,
    ).toBe('The view customers is not there any more.');
    // A new table’s findings are new, whatever the run before kept.
    expect(states({ tables: [orders[0]!] }, { tables: orders, findings: [blank(3)] })).toEqual({
      'blank/main/customers/email': 'new',
    });
  });

  it('does not take findings for new where the run before kept none as data', () => {
    expect(changes({ tables: orders }, { tables: orders, findings: [blank(3)] })).toEqual({
      since: ref(0),
      without_findings: [ref(0)],
      is_cut: false,
      changes: [
        {
          key: 'blank/main/customers/email',
          state: 'not_compared',
          detail: 'That survey kept no findings as data.',
        },
      ],
    });
  });

  it('says only once that something is gone', () => {
    const had = { tables: orders, findings: [blank(3)] };
    const mended = { tables: orders, findings: [] };
    expect(states(had, mended)).toEqual({ 'blank/main/customers/email': 'gone' });
    expect(states(had, mended, mended)).toEqual({});
    expect(states(had, mended, had)).toEqual({ 'blank/main/customers/email': 'new' });
  });

  it('knows a database by its kind and label, whatever it is called', () => {
    const later = survey(1, { tables: orders, findings: [blank(3)] });
    const earlier = survey(0, { tables: orders, findings: [blank(2)] });
    const renamed = renameSources(
      renameSources(earlier, { sources: earlier.run.sources.map((source) => ({ ...source, name: 'shop' })) }),
      { sources: later.run.sources },
    );
    expect(renamed).toEqual(earlier);
    expect(compareFindings(later, [renamed]).changes).toMatchObject([{ state: 'grown', before: 2 }]);
    const another = renameSources(earlier, { sources: [{ ...later.run.sources[0]!, label: 'another' }] });
    expect(compareFindings(later, [another])).toMatchObject({ changes: [] });
    expect(compareFindings(later, [another])).not.toHaveProperty('since');
  });
});

const names = ['a', 'b', 'c', 'd'] as const;
const rules = ['blank', 'orphan'] as const;

/** What is wrong in a database, and which tables it has. */
type World = {
  readonly tables: readonly string[];
  readonly flaws: readonly {
    readonly rule: string;
    readonly table: string;
    readonly rows: number;
    readonly other?: string | undefined;
  }[];
};
/** What a survey can see of it. */
type View = {
  readonly asked: readonly string[] | undefined;
  readonly hidden: readonly string[];
  readonly failed: readonly string[];
  readonly rules: readonly string[];
  readonly late: readonly { readonly rule: string; readonly table: string }[];
};

const flaw = fc.record({
  rule: fc.constantFrom(...rules),
  table: fc.constantFrom(...names),
  rows: fc.integer({ min: 1, max: 3 }),
  other: fc.option(fc.constantFrom(...names), { nil: undefined }),
});
const worlds: fc.Arbitrary<World> = fc.record({
  tables: fc.subarray([...names]),
  flaws: fc.uniqueArray(flaw, { selector: ({ rule, table: of }) => `${rule} ${of}` }),
});
const views: fc.Arbitrary<View> = fc.record({
  asked: fc.option(fc.subarray([...names]), { nil: undefined }),
  hidden: fc.subarray([...names]),
  failed: fc.subarray([...names]),
  rules: fc.subarray([...rules]),
  late: fc.array(fc.record({ rule: fc.constantFrom(...rules), table: fc.constantFrom(...names) }), { maxLength: 3 }),
});
const everything: View = { asked: undefined, hidden: [], failed: [], rules, late: [] };

const look = ({ tables, flaws }: World, view: View): Planned & { readonly findings: readonly Finding[] } => {
  const isThere = (name: string): boolean => tables.includes(name) && !view.hidden.includes(name);
  const asked = view.asked?.filter(isThere);
  const open = (asked ?? tables).filter(isThere);
  const measured = open.filter((name) => !view.failed.includes(name));
  const isLate = ({ rule, table: of }: View['late'][number]): boolean =>
    view.late.some((late) => late.rule === rule && late.table === of);
  return {
    ...(asked === undefined ? {} : { asked }),
    tables: measured.map((name) => table(name)),
    failed: open.filter((name) => view.failed.includes(name)),
    not_visible: tables
      .filter((name) => view.hidden.includes(name))
      .map((name) => ({ what: 'table', name, detail: 'hidden' })),
    rules: view.rules,
    not_looked_at: view.late.map((late): NotLookedAt => ({ source: 'main', ...late, reason: 'time', detail: 'late' })),
    findings: flaws
      .filter(
        (one) =>
          measured.includes(one.table) &&
          (one.other === undefined || measured.includes(one.other)) &&
          view.rules.includes(one.rule) &&
          !isLate(one),
      )
      .map(({ rule, table: of, rows, other }) =>
        finding(rule, of, [], rows, other === undefined ? {} : { other_tables: [other] }),
      ),
  };
};

describe('whatever surveys see of a database', () => {
  it('nothing is new, grown, shrunk or gone in one that did not change', () => {
    fc.assert(
      fc.property(worlds, fc.array(views, { minLength: 1, maxLength: 6 }), (world, seen) => {
        const found = changes(...seen.map((view) => look(world, view))).changes;
        expect(found.filter(({ state }) => ['new', 'grown', 'shrunk', 'gone', 'dropped'].includes(state))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('after a survey of all, what is new, gone or moved is exactly what changed', () => {
    fc.assert(
      fc.property(worlds, worlds, fc.array(views, { maxLength: 4 }), (was, is, between) => {
        const first = look(was, everything);
        const last = look(is, everything);
        const rowsOf = (of: readonly Finding[]) => new Map(of.map(({ key, rows }) => [key, rows]));
        const [then, now] = [rowsOf(first.findings), rowsOf(last.findings)];
        const expected = new Map([
          ...first.findings
            .filter(({ key }) => !now.has(key))
            .map(({ key, place, other_tables = [] }) => {
              const isThere = [place.table, ...other_tables].every((name) => is.tables.includes(name));
              return [key, isThere ? 'gone' : 'dropped'] as const;
            }),
          ...[...now].map(([key, rows]) => {
            const before = then.get(key);
            const state =
              before === undefined ? 'new' : before === rows ? 'unchanged' : before < rows ? 'grown' : 'shrunk';
            return [key, state] as const;
          }),
        ]);
        const found = changes(first, ...between.map((view) => look(was, view)), last).changes;
        expect(new Map(found.map(({ key, state }) => [key, state]))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('a right that is revoked leaves every finding of its table not looked at', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom(...names), (world, revoked) => {
        const before = look(world, everything);
        const found = changes(before, look(world, { ...everything, hidden: [revoked] })).changes;
        const lost = before.findings.filter(
          ({ place, other_tables = [] }) => place.table === revoked || other_tables.includes(revoked),
        );
        expect(found.filter(({ state }) => state === 'not_looked_at').map(({ key }) => key)).toEqual(
          lost.map(({ key }) => key),
        );
      }),
    );
  });
});
