import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnProfile, DatabaseProfile, RunProfile, TableProfile } from '../../../src/contracts/profile.ts';
import type { NotLookedAt } from '../../../src/contracts/finding.ts';
import type { Report } from '../../../src/contracts/report.ts';
import { renderReport } from '../../../src/domain/report/render-report.ts';
import { readGolden } from '../../support/read-golden.ts';
import { attacks } from './attacks.ts';
import { pageProblems } from './inert-markup.ts';
import { missedParts } from '../../../src/domain/report/not-looked-at.ts';
import { reportedFindings } from '../../../src/domain/report/reported-findings.ts';
import { smallReport, smallSummary } from './small-report.ts';

const folder = new URL('../../golden/report/', import.meta.url);

const golden = (name: string, text: string): string => readGolden(new URL(name, folder), text);

const shop = smallReport.profile?.databases[0] as DatabaseProfile;
const ordersTable = shop.tables[0] as TableProfile;

/** The profile of one database with these tables. */
const profileOf = (tables: readonly TableProfile[]): RunProfile => ({ databases: [{ ...shop, failed: [], tables }] });

/** The small report, with so many tables of so many columns. */
const wide = (tables: number, columns: number): Report => {
  const rich = ordersTable.columns[1] as ColumnProfile;
  const profile = profileOf(
    Array.from({ length: tables }, (_, at) => ({
      ...ordersTable,
      table: `table_${at}`,
      columns: Array.from({ length: columns }, (__, index) => ({ ...rich, name: `column_${index}` })),
    })),
  );
  return { ...smallReport, profile };
};

const textOf = (page: string): string => page.replace(/<style>[^]*<\/style>/, '').replace(/<[^>]*>/g, '');

describe('the report page', () => {
  it('is the golden one for a catalog', () => {
    const page = renderReport(smallReport);
    expect(page).toBe(golden('cataloging.html', page));
  });

  it('is the golden one for a summary, which has no profile', () => {
    const page = renderReport(smallSummary);
    expect(page).toBe(golden('summary.html', page));
  });

  it('holds nothing that runs or loads, and no link to nowhere', () => {
    expect(pageProblems(renderReport(smallReport))).toEqual([]);
    expect(pageProblems(renderReport(smallSummary))).toEqual([]);
  });

  it('has headings without gaps, and a caption or label on every table', () => {
    const page = renderReport(smallReport);
    const levels = [...page.matchAll(/<h([1-6])/g)].map((match) => Number(match[1]));
    expect(levels.filter((level, index) => index > 0 && level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
    for (const [table] of page.matchAll(/<table[^]*?<\/table>/g))
      expect(table).toMatch(/<caption>|^<table[^>]*aria-label/);
    expect(page).toContain('<html lang="en">');
  });

  it('links evidence ids in the text where the evidence is there, and only there', () => {
    const page = renderReport(smallReport);
    expect(page).toContain('(<a class="evidence-id" href="#e1a2b3c4d5e61">e1a2b3c4d5e61</a>)');
    expect(page).toContain('<a href="#e1a2b3c4d5e62">the count</a>');
    expect(page).toContain('evidence: e999999999999, <span class="missing-evidence"');
  });

  it('says how each figure is known', () => {
    const page = renderReport(smallReport);
    expect(page).toContain('title="estimated over all rows">≈</abbr>11,890');
    expect(page).toContain('median 51.1<abbr class="basis" title="measured on a sample of the rows">◔</abbr>');
    expect(textOf(page)).toMatch(/Figures with\s+◔\s+come from 1,210 rows, a\s+system\s+sample of 10%/);
  });

  it.each([
    ['succeeded', 'Complete'],
    ['running', 'In progress'],
    ['budget_exceeded', 'Cut short'],
    ['failed', 'Failed'],
  ] as const)('says that the agent %s', (status, words) => {
    const failure = { kind: 'MODEL_REFUSED', message: 'It would not.' };
    const profile = profileOf(shop.tables);
    const page = renderReport({
      ...smallReport,
      profile,
      not_looked_at: [],
      missed: [],
      session: { ...smallReport.session, status, failure },
    });
    expect(/<p class="status">[^]*?<\/p>/.exec(page)?.[0]).toContain(words);
    expect(page.includes('It would not.')).toBe(status === 'failed');
  });

  const statusOf = (report: Report): string =>
    textOf(/<p class="status">[^]*?<\/p>/.exec(renderReport(withMissed(report)))?.[0] ?? '').replace(/\s+/g, ' ');
  /** As it is published: with what the run did not look at. */
  const withMissed = (report: Report): Report =>
    report.profile === undefined
      ? report
      : { ...report, missed: missedParts(reportedFindings(report), report.profile) };
  const wordsOf = (page: string): string => textOf(page).replace(/\s+/g, ' ');
  /** The part of the page with this id. */
  const section = (page: string, id: string): string =>
    wordsOf(new RegExp(`<section id="${id}">[^]*?</section>`).exec(page)?.[0] ?? '');

  it('calls a survey incomplete where a database could not be surveyed, and says how many', () => {
    const [failed] = shop.failed;
    const lost: DatabaseProfile = {
      ...shop,
      source: 'my',
      tables: [],
      failed: Array.from({ length: 11 }, (_, index) => ({ ...failed!, table: `t${index}` })),
    };
    const closed: DatabaseProfile = { ...lost, source: 'crm', failed: [], failure: failed!.failure };
    const of = (...databases: readonly DatabaseProfile[]): string =>
      statusOf({ ...smallReport, profile: { databases }, not_looked_at: [] });
    const whole = { ...shop, failed: [] };
    expect(of(whole)).toMatch(/^Complete /);
    expect(of(whole, closed, lost)).toMatch(
      /^Incomplete 2 of 3 databases could not be surveyed\. Which, and why\. The/,
    );
    expect(of(lost)).toMatch(/^Incomplete The database could not be surveyed\./);
  });

  it('calls a survey incomplete where a table, a column or a rule was left out, and says how many at the top', () => {
    const gap = (table: string, more: Partial<NotLookedAt> = {}): NotLookedAt => ({
      source: 'shop',
      table,
      reason: 'not_measured',
      detail: `${table}: why`,
      ...more,
    });
    const of = (...not_looked_at: readonly NotLookedAt[]): string =>
      statusOf({ ...smallReport, profile: profileOf(shop.tables), not_looked_at });
    expect(of()).toMatch(/^Complete /);
    expect(of(gap('a'), gap('b'), gap('b'))).toContain('Incomplete 2 of 4 tables were not looked at. Which, and why.');
    expect(of(gap('orders', { reason: 'failed' }))).toContain('1 of 2 tables was not looked at.');
    expect(of(gap('orders', { rule: 'orphan', reason: 'time' }))).toContain(
      'Incomplete 1 table was not looked at by every rule.',
    );
    expect(of(gap('orders', { columns: ['iban'], reason: 'not_visible' }))).toContain(
      'Incomplete 1 table has columns that could not be read.',
    );
    // Who asks for one table of twenty has what was asked for.
    expect(of(gap('archive', { reason: 'not_asked' }))).toMatch(/^Complete /);
    expect(of(gap('orders', { rule: 'orphan', other_table: 'archive', reason: 'not_asked' }))).toMatch(/^Complete /);
  });

  it('calls both reports of a run incomplete, also the one that shows no profile', () => {
    const missed = ['1 table was not looked at by every rule'];
    expect(statusOf({ ...smallReport, profile: undefined, rules: undefined, missed })).toMatch(
      /^Incomplete 1 table was not looked at by every rule\. The catalog lists them by name\. The text/,
    );
  });

  it('lists all that was not looked at by name, and one line for all rules with one reason', () => {
    const text = section(renderReport(smallReport), 'missed');
    expect(text).toContain('products products could not be measured: CSV error on line 311.');
    expect(text).toContain(
      'orders duplicate-rows, duplicate-except-key orders: whether rows repeat: the statement took too long',
    );
    expect(text).toContain('customers (iban) The role may not read iban.');
    expect(text).toContain('The survey was not asked for 1 more table, and knows nothing of it.');
    expect(text).not.toContain('archive');
    const alone: NotLookedAt = {
      source: 'shop',
      table: 'orders',
      columns: ['customer_id'],
      rule: 'orphan',
      other_table: 'customers',
      reason: 'not_asked',
      detail: 'orphan of orders.customer_id was not looked at: customers was not asked for.',
    };
    const chosen = section(renderReport({ ...smallReport, not_looked_at: [alone] }), 'missed');
    expect(chosen).toContain('asked for, save where it would have needed another.');
    expect(chosen).toContain(alone.detail);
    expect(chosen).not.toContain('The survey was not asked for');
    const whole = section(renderReport({ ...smallReport, not_looked_at: [] }), 'missed');
    expect(whole).toContain('Every rule looked at every table that was asked for.');
  });

  it('says of a database without roles that something could not be read, of others which role may not', () => {
    const hidden = [{ what: 'table' as const, name: 'vectors', detail: 'Its module is not there.' }];
    const { role: _role, ...withoutRole } = shop;
    const page = (database: DatabaseProfile) =>
      section(renderReport({ ...smallReport, profile: { databases: [database] } }), 'overview');
    expect(page({ ...withoutRole, engine: 'sqlite', not_visible: hidden })).toContain('Could not be read: 1 thing');
    expect(page({ ...withoutRole, not_visible: hidden })).not.toContain('role');
    const role = { name: 'reader', can_write: false, found: [] };
    expect(page({ ...shop, role, not_visible: hidden })).toContain('Not visible to this role: 1 thing');
  });

  it('says how a table was read, what of it was left out, and what lies beside the tables', () => {
    const text = renderReport(smallReport).replaceAll(/<\/?bdi>/g, '');
    expect(text).toContain('<strong>2 lines at the end have one field of 2: lines 12,002 and 12,003.</strong>');
    expect(text).toContain('<strong><code>total</code>: a comma is read as the mark of decimals.</strong>');
    expect(text).toContain('<li>Read as Latin-1 &lt;with markup&gt;.</li>');
    expect(text).toContain('<summary>Left out: 1 thing</summary>');
    expect(text).toContain('<b>notes.txt</b>: a file of another &lt;kind&gt;.');
  });

  it('counts views by themselves', () => {
    const [first, ...rest] = shop.tables;
    if (first === undefined) throw new Error('the report has no table');
    const view: TableProfile = { ...first, schema: { ...first.schema, kind: 'view' } };
    const text = textOf(
      renderReport({ ...smallReport, profile: { databases: [{ ...shop, tables: [view, ...rest] }] } }),
    );
    expect(text.replace(/\s+/g, ' ')).toMatch(/Tables 1 Views 1 Rows /);
  });

  it('sets findings from data: where, rows of how many, how they are known, examples, what to do, evidence', () => {
    const page = renderReport(smallReport);
    const text = section(page, 'findings');
    expect(text).toContain('4 findings: 1 of high, 2 of medium, 1 of low severity; 3 of them listed here');
    // The head counts the same.
    expect(textOf(page).replace(/\s+/g, ' ')).toContain('Findings 4 ');
    expect(text).toMatch(
      /high customer points at rows that do not exist orphan orders\.customer 320 2\.7% of 12,000 9001 9002 Find out whether/,
    );
    expect(text).toContain('◔931');
    expect(text).toContain('delivered␣');
    expect(text).toContain('orders.total, status');
    expect(page).toContain('<a class="evidence-id" href="#e00bb00bb00b1">e00bb00bb00b1</a>');
    expect(page).not.toContain('href="#e999999999999"');
    // Severe ones in full sentences.
    expect(text).toMatch(
      /customer points at rows that do not exist orders\.customer 320 rows of 12,000 \(2\.7%\) hold/,
    );
  });

  it('says where nothing was found, and does not call it good where something was not looked at', () => {
    const of = (not_looked_at: readonly NotLookedAt[]): string =>
      section(renderReport({ ...smallReport, findings: [], not_looked_at }), 'findings');
    expect(of([])).toContain('No rule found anything wrong.');
    expect(of(smallReport.not_looked_at ?? [])).toContain(
      'No rule found anything wrong where it looked; not everything was looked at.',
    );
  });

  it('has a section on personal data, with how much of it there is and no value', () => {
    const page = renderReport(smallReport);
    expect(section(page, 'personal')).toMatch(/customers\.email e-mail address ≈98 98% of 100/);
    expect(section(page, 'findings')).toContain('1 column that holds personal data stands in a section of its own.');
    expect(section(page, 'findings')).not.toContain('email');
  });

  it('lists the statements that return the rows that are wrong, each with its finding', () => {
    const text = section(renderReport(smallReport), 'checks');
    expect(text).toContain('2 statements');
    expect(text).toMatch(/customer points at rows that do not exist, orders\.customer ?SELECT \* FROM/);
    const none = (smallReport.findings ?? []).map(({ check: _check, ...finding }) => finding);
    expect(renderReport({ ...smallReport, findings: none })).not.toContain('id="checks"');
  });

  it('says of each table what was found of it: findings, measured keys, what points where, what was learned', () => {
    const [orders = '', customers = ''] = renderReport(smallReport)
      .split('<details class="table"')
      .slice(1)
      .map((part) => wordsOf(part));
    expect(orders).toContain('customer points at rows that do not exist. 320 rows of 12,000');
    expect(orders).toContain('customer points at customers (customer_id): 12,000 rows, 320 (2.7%) of them at nothing.');
    expect(orders).toContain('total = net + tax holds in 99.8% of 12,000 rows.');
    expect(customers).toContain('Key, as measured: email, since together tell its rows apart.');
    expect(customers).toContain('orders (customer) points at customer_id');
    expect(customers).toContain('as measured; no foreign key is declared');
  });

  it('sets the date of the survey on a line of its own', () => {
    expect(renderReport(smallReport)).toMatch(/<br \/>\s*Surveyed on\s*<time/);
  });

  it('says that there was no text, no table, no difference', () => {
    const profile = profileOf([]);
    const page = renderReport({
      ...smallReport,
      body_html: ' ',
      profile,
      drift: { ...smallReport.drift, changes: [] },
    });
    expect(page).toContain('The agent submitted no text.');
    expect(page).toContain('No table was measured');
    expect(textOf(page)).toContain('Nothing changed since');
    expect(page).not.toContain('id="columns"');
  });

  it('has a section for each of several databases, and says which one could not be opened', () => {
    const sources = [
      ...smallReport.sources,
      { name: 'crm', kind: 'inline', label: 'postgresql://db/crm', engine: 'postgres' },
    ];
    const crm: DatabaseProfile = {
      ...shop,
      source: 'crm',
      label: 'postgresql://db/crm',
      failed: [],
      not_visible: [{ what: 'table', name: 'salaries', detail: 'GRANT SELECT ON salaries TO reader would show it' }],
      role: { name: 'app', can_write: true, found: ['INSERT on orders'] },
    };
    const lost: DatabaseProfile = {
      ...crm,
      source: 'erp',
      tables: [],
      not_visible: [],
      failure: { kind: 'DATABASE_UNREACHABLE', message: 'Nobody listens at db:5432.' },
    };
    const page = renderReport({
      ...smallReport,
      sources: sources as Report['sources'],
      profile: { databases: [shop, crm, lost] },
    });
    expect(pageProblems(page)).toEqual([]);
    const text = textOf(page).replace(/\s+/g, ' ');
    expect(text).toContain('crm postgresql://db/crm');
    expect(section(page, 'findings')).toMatch(
      /shop 4 findings: .* shop: orders\.customer .* crm No rule found anything wrong\./,
    );
    expect(text).toContain(
      'This database was not surveyed. The database cannot be reached: Nobody listens at db:5432.',
    );
    expect(text).toContain('table of salaries: GRANT SELECT ON salaries TO reader would show it');
    expect(text).toMatch(/Surveyed as app, a role that can write.*INSERT on orders/);
    expect(page.match(/href="#t\d+"/g)).toContain(`href="#t${shop.tables.length + 1}"`);
    expect(text).toContain('shop: orders.is_gift');
    const contents = textOf(/<nav[^]*<\/nav>/.exec(page)?.[0] ?? '').replace(/\s+/g, ' ');
    const names = shop.tables.map(({ table }) => table).join(' ');
    expect(contents).toContain(`Table by table shop ${names} crm ${names}`);
  });

  describe('with hostile content', () => {
    const fixed = new Set(['basis', 'status', 'verdict', 'origin', 'analyst', 'severity', 'reason']);

    /** The report with every free text replaced. */
    const replaceTexts = (value: unknown, text: string, key = '', siblings: object = {}): unknown => {
      if (typeof value === 'string') {
        return fixed.has(key) || (key === 'kind' && !('message' in siblings)) ? value : text;
      }
      if (Array.isArray(value)) return value.map((item) => replaceTexts(item, text, key));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [name, replaceTexts(item, text, name, value)]),
      );
    };
    const hostile = (text: string): Report => replaceTexts(smallReport, text) as Report;

    it.each(Object.entries(attacks))('stays as it is: %s', (_, texts) => {
      expect(texts.flatMap((text) => pageProblems(renderReport(hostile(text))))).toEqual([]);
    });

    it('never yields an unescaped element of any string in any field', () => {
      const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...Object.values(attacks).flat()));
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 4 }), (parts) => {
          const page = renderReport(hostile(parts.join('')));
          expect(page.toLowerCase()).not.toContain('<script');
          expect(pageProblems(page)).toEqual([]);
        }),
        { numRuns: 300 },
      );
    });

    it('shows markup, hidden characters and spaces at the ends for what they are', () => {
      const values = ['<b>&"\'', 'exe\u202egpj', 'a\nb\tc', ' padded ', '\u001b[2Jx\u0000'];

      const columns: readonly ColumnProfile[] = [
        {
          name: '<i>\u202eeman</i>',
          type: 'VARCHAR',
          kind: 'text',
          nulls: { basis: 'exact', count: 0, share: 0 },
          top_values: { basis: 'exact', values: values.map((value) => ({ value, count: 1 })) },
        },
      ];
      const profile = profileOf([{ ...ordersTable, columns }]);
      const page = renderReport({ ...smallReport, profile });
      expect(page).toContain('&lt;i&gt;⟨U+202E⟩eman&lt;/i&gt;');
      for (const shown of ['&lt;b&gt;&amp;&quot;&#39;', 'exe⟨U+202E⟩gpj', 'a↵b⇥c', '␣padded␣', '>x␀<']) {
        expect(page).toContain(shown);
      }
    });

    it('shortens names, values and statements of a million characters', () => {
      const { title, sources, profile, drift, evidence, findings, relationships, facts, not_looked_at } = hostile(
        'ab '.repeat(333_333),
      ) as Required<Report>;
      const page = renderReport({
        ...smallReport,
        title,
        sources,
        profile,
        drift: { changes: drift.changes },
        evidence,
        findings,
        relationships,
        facts,
        not_looked_at,
      });
      expect(page.length).toBeLessThan(300_000);
      expect(page).toContain('more characters left out here');
    });

    it('keeps the text inside its article, whatever end tags it has', () => {
      const body_html = '<table><div><table></table></div></div></article></main></body><h1>Surveyor</h1><p id="run">x';
      const page = renderReport({ ...smallReport, body_html });
      expect(pageProblems(page)).toEqual([]);
      expect(page.indexOf('Surveyor</h3>')).toBeLessThan(page.indexOf('</article>'));
    });
  });

  describe('of a large database', () => {
    it('shows every one of 300 columns of one table', () => {
      const page = renderReport(wide(1, 300));
      expect(page.match(/<section class="card"/g)).toHaveLength(300);
      expect(page).toContain('href="#t1c300"');
      expect(page).not.toContain('left out here');
    });

    it('stays below 4 MB for 200 tables of 300 columns, and says what it left out', () => {
      const page = renderReport(wide(200, 300));
      expect(page.length).toBeLessThan(4_000_000);
      expect(page.match(/<details class="table" >/g)).toHaveLength(200);
      expect(page).toContain('<p class="left-out">290 more columns left out here.');
      expect(pageProblems(page)).toEqual([]);
    });

    it('leaves out the profile’s own evidence first, and links to none that it left out', () => {
      const first = smallReport.evidence.find(({ origin }) => origin === 'profile')!;
      const measured = Array.from({ length: 500 }, (_, index) => ({
        ...first,
        evidence_id: `e${String(index).padStart(12, '0')}`,
      }));
      const page = renderReport({ ...smallReport, evidence: [...measured, ...smallReport.evidence] });
      expect(page).toContain('id="e1a2b3c4d5e61"');
      expect(page).toContain('105 more pieces left out here');
      expect(pageProblems(page)).toEqual([]);
    });

    it('leaves out differences beyond the first 300', () => {
      const changes = Array.from({ length: 301 }, (_, index) => ({
        source: 'shop',
        kind: 'table_added' as const,
        table: `t${index}`,
      }));
      expect(renderReport({ ...smallReport, drift: { ...smallReport.drift, changes } })).toContain(
        '1 more difference left out here',
      );
    });
  });
});
