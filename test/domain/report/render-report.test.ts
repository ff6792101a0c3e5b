import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FailureReport } from '../../../src/contracts/failure-report.ts';
import type { ColumnProfile, DatabaseProfile, RunProfile, TableProfile } from '../../../src/contracts/profile.ts';
import type { Report } from '../../../src/contracts/report.ts';
import { renderReport } from '../../../src/domain/report/render-report.ts';
import { readGolden } from '../../support/read-golden.ts';
import { attacks } from './attacks.ts';
import { pageProblems } from './inert-markup.ts';
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
    const page = renderReport({ ...smallReport, profile, session: { ...smallReport.session, status, failure } });
    expect(/<p class="status">[^]*?<\/p>/.exec(page)?.[0]).toContain(words);
    expect(page.includes('It would not.')).toBe(status === 'failed');
  });

  it('calls a survey incomplete where a database or a table is missing, and says how many', () => {
    const [failed] = shop.failed;
    const lost: DatabaseProfile = {
      ...shop,
      source: 'my',
      tables: [],
      failed: Array.from({ length: 11 }, (_, index) => ({ ...failed!, table: `t${index}` })),
    };
    const closed: DatabaseProfile = { ...lost, source: 'crm', failed: [], failure: failed!.failure };
    const statusOf = (...databases: readonly DatabaseProfile[]): string => {
      const page = renderReport({ ...smallReport, profile: { databases } });
      return textOf(/<p class="status">[^]*?<\/p>/.exec(page)?.[0] ?? '').replace(/\s+/g, ' ');
    };
    const whole = { ...shop, failed: [] };
    expect(statusOf(whole)).toMatch(/^Complete /);
    expect(statusOf(whole, closed, lost)).toMatch(/^Incomplete 2 of 3 databases could not be surveyed\. The text/);
    expect(statusOf(lost)).toMatch(/^Incomplete The database could not be surveyed\./);
    expect(statusOf({ ...shop, failed: [failed!] }, whole)).toContain(
      `Incomplete 1 of ${2 * shop.tables.length + 1} tables could not be measured.`,
    );
  });

  it('says why a table was not measured without the statement that failed, and the date on a line of its own', () => {
    const failure: FailureReport = {
      kind: 'STATEMENT_FAILED',
      message: 'relation "album" does not exist.',
      excerpt: 'LINE 19: …from "album"\n   ^',
      advice: { kind: 'look_for_table' },
    };
    const failed = [{ table: 'album', failure }];
    const page = renderReport({ ...smallReport, profile: { databases: [{ ...shop, failed }] } });
    const text = textOf(page);
    expect(text).toContain('relation &quot;album&quot; does not exist. Was it dropped or renamed during the survey?');
    expect(text).not.toContain('LINE 19');
    expect(page).toMatch(/<br \/>\s*Surveyed on\s*<time/);
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
    expect(text).toContain(
      'This database was not surveyed. The database cannot be reached: Nobody listens at db:5432.',
    );
    expect(text).toContain('table of salaries: GRANT SELECT ON salaries TO reader would show it');
    expect(text).toMatch(/Surveyed as app, a role that can write.*INSERT on orders/);
    expect(page.match(/href="#t\d+"/g)).toContain(`href="#t${shop.tables.length + 1}"`);
    expect(text).toContain('shop: orders.is_gift');
    const contents = textOf(/<nav[^]*<\/nav>/.exec(page)?.[0] ?? '').replace(/\s+/g, ' ');
    const names = shop.tables.map(({ table }) => table).join(' ');
    expect(contents).toContain(`Columns shop ${names} crm ${names}`);
  });

  describe('with hostile content', () => {
    const fixed = new Set(['basis', 'status', 'verdict', 'origin', 'analyst']);

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
      const { title, sources, profile, drift, evidence } = hostile('ab '.repeat(333_333));
      const page = renderReport({
        ...smallReport,
        title,
        sources,
        profile,
        drift: { changes: drift.changes },
        evidence,
      });
      expect(page.length).toBeLessThan(200_000);
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
      const [first] = smallReport.evidence as [Report['evidence'][number]];
      const measured = Array.from({ length: 500 }, (_, index) => ({
        ...first,
        evidence_id: `e${String(index).padStart(12, '0')}`,
      }));
      const page = renderReport({ ...smallReport, evidence: [...measured, ...smallReport.evidence] });
      expect(page).toContain('id="e1a2b3c4d5e61"');
      expect(page).toContain('104 more pieces left out here');
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
