import { describe, expect, it } from 'vitest';
import { reportText } from './report-text.ts';

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
