import { describe, expect, it } from 'vitest';
import type { PlantedFlaw } from '../src/domain/datasets/planted-flaw.ts';
import { foundIn, reportText } from './planted-flaws.ts';

const flaw: PlantedFlaw = {
  id: 'order-note-missing',
  table: 'orders',
  columns: ['note'],
  kind: 'missing values',
  description: 'No note',
  rows: 1_200,
  counted_by: 'select 1200',
  found: { rule: 'missing-values', columns: ['note'] },
  said: [/missing/],
};

describe('the text of a report', () => {
  it('is a line per paragraph, item and row, each behind its headings', () => {
    const body = `
      <h3>Tables</h3><h4>orders</h4><p>Ten
        rows &amp; more.</p><ul><li><strong>note</strong> is &lt;missing&gt;</li></ul>
      <h4>customers</h4><table><tr><td>email</td><td class="num">104</td></tr></table>
      <h3>End</h3>Bare text<p></p>`;
    expect(reportText(body).split('\n')).toEqual([
      'Tables › orders › Ten rows & more.',
      'Tables › orders › note is <missing>',
      'Tables › customers › email 104',
      'End › Bare text',
    ]);
  });
});

describe('a planted flaw', () => {
  it.each([
    'orders.note is missing in 1,200 rows',
    'Tables › orders › Note: Missing (1200 of 2,000).',
    'other › line\nTables › orders › note is missing in 1,200.',
  ])('is found in “%s”', (text) => {
    expect(foundIn(flaw, text)).toBe(true);
  });

  it.each([
    ['another table', 'orders_old.note is missing in 1,200 rows'],
    ['another column', 'orders.footnote is missing in 1,200 rows'],
    ['another flaw', 'orders.note is negative in 1,200 rows'],
    ['another count', 'orders.note is missing in 1,201 rows'],
    ['the count as part of a number', 'orders.note is missing in 11,200 rows'],
    ['the count with decimals', 'orders.note is missing, mean 1200.5'],
    ['the count as a percentage', 'orders.note is missing in 1200%'],
    ['what it is spread over two lines', 'orders.note is missing\nthere are 1,200 rows'],
    ['nothing', ''],
  ])('is not found where the text tells of %s', (_, text) => {
    expect(foundIn(flaw, text)).toBe(false);
  });

  it('needs no count where its rows are not what a report counts', () => {
    expect(foundIn({ ...flaw, rows_unsaid: true }, 'orders.note is missing')).toBe(true);
  });
});
