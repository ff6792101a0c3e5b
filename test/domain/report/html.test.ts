import { describe, expect, it } from 'vitest';
import { html, raw, toText, type HtmlValue } from '../../../src/domain/report/html.ts';

describe('the html template', () => {
  it('escapes what it is given, for text and quoted attributes alike', () => {
    expect(toText(html`<p title="${'"><script>'}">${"<b>&'"}</p>`)).toBe(
      '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;</p>',
    );
  });

  it('takes its own results and raw text as they are', () => {
    expect(toText(html`<p>${html`<b>${'<'}</b>`}${raw('<hr />')}</p>`)).toBe('<p><b>&lt;</b><hr /></p>');
  });

  it('sets lists line by line, and leaves out what is absent or false', () => {
    expect(toText(html`<p>${['a', html`<br />`, 3]}${undefined}${false}${''}${0}</p>`)).toBe('<p>a\n<br />\n30</p>');
  });

  it('leaves out its own indentation, never that of a value', () => {
    const long = 'a paragraph that is long enough to be broken by the formatter of this project, in lines of its own';
    expect(
      toText(
        html`<div>
          <p>${long}</p>
          <pre>${'a\n  b'}</pre>
        </div>`,
      ),
    ).toBe(`<div>\n<p>${long}</p>\n<pre>a\n  b</pre>\n</div>`);
  });

  it('does not take an object from outside for markup', () => {
    const forged: unknown = JSON.parse('{"markup":"<script>","html":"<script>"}');
    expect(toText(html`${forged as HtmlValue}`)).not.toContain('<');
  });
});
