import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/contracts/failure.ts';
import { bodyByteLimit, sanitizeBody } from '../../../src/domain/report/sanitize-body.ts';
import { attacks } from './attacks.ts';
import { textProblems } from './inert-markup.ts';

// A PNG of 1 × 1 pixel.
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const failureOf = (work: () => unknown): Failure => {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
  }
  throw new Error('expected a Failure');
};

describe('sanitizing a report’s text', () => {
  it('keeps what a report is made of', () => {
    const text =
      '<h3>Orders</h3><p>One <em>row</em> per <strong>order</strong>, <span class="num">12,000</span>.</p>' +
      '<ul><li>one</li></ul><ol start="3"><li>three</li></ol><blockquote>q</blockquote><pre><code>SELECT 1 &lt; 2</code></pre>' +
      '<table><caption>c</caption><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td class="num" colspan="2">1</td></tr></tbody></table>' +
      '<figure><figcaption>f</figcaption></figure><details open><summary>s</summary>more</details>' +
      '<p class="warn">Careful.</p><a href="#e1a2b3c4d5e60">e1a2b3c4d5e60</a><hr /><br />';
    expect(sanitizeBody(text)).toEqual({ html: text, removed: [] });
  });

  it('takes a whole document and keeps its body, without remarks on the frame', () => {
    const { html, removed } = sanitizeBody(
      '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>T</title><style>p{}</style></head><body class="x"><p>Text</p></body></html>',
    );
    expect(html.trim()).toBe('<p>Text</p>');
    expect(removed).toEqual(['<meta> ×1', '<title> ×1', '<style> ×1']);
  });

  it('puts the highest heading at h3 and keeps the others’ distance', () => {
    expect(sanitizeBody('<h1>a</h1><h2>b</h2><h4>c</h4><h6>d</h6>').html).toBe(
      '<h3>a</h3><h4>b</h4><h6>c</h6><h6>d</h6>',
    );
    expect(sanitizeBody('<h4 class="muted">a</h4><h5>b</h5>').html).toBe('<h3 class="muted">a</h3><h4>b</h4>');
  });

  it('leaves a text that it has sanitized before as it is', () => {
    const once = sanitizeBody('<h1>a</h1><h2 onclick="x">b</h2>\u202e&#x202e;').html;
    expect(sanitizeBody(once)).toEqual({ html: once, removed: [] });
  });

  it('turns the page’s own containers into plain ones', () => {
    expect(sanitizeBody('<main><article><section>x</section></article></main>').html).toBe(
      '<div><div><div>x</div></div></div>',
    );
  });

  it.each([
    'svg',
    'math',
    'template',
    'noscript',
    'iframe',
    'select',
    'textarea',
    'object',
    'canvas',
    'style',
    'title',
  ])('removes %s with all it contains, for that is not text to read', (name) => {
    expect(sanitizeBody(`a<${name}><text>label</text></${name}>b`).html).toBe('ab');
  });

  it('names what it removed, with counts', () => {
    const { removed } = sanitizeBody(
      '<p onclick="a" id="findings">x</p><p onclick="b" style="color:red" class="mine">y</p><script>1</script><script>2</script>' +
        '<a href="https://example.com/">out</a><a href="#overview">in</a><img src="https://example.com/x.png"><td colspan="0">z</td>\u0000',
    );
    expect(removed).toEqual([
      'control character ×1',
      'attribute onclick ×2',
      'attribute id ×1',
      'attribute style ×1',
      'class of <p> ×1',
      '<script> ×2',
      'href of <a> (links may only lead to evidence: #e…) ×2',
      'src of <img> (images must be data:image/png;base64 of at most 200 KB and 4,000 pixels a side) ×1',
      'colspan of <td> ×1',
    ]);
  });

  it('lists at most forty kinds of removals', () => {
    const tags = Array.from({ length: 60 }, (_, index) => `<x-${index}>t</x-${index}>`).join('');
    const { removed } = sanitizeBody(tags);
    expect(removed).toHaveLength(41);
    expect(removed.at(-1)).toBe('and 20 other kinds');
  });

  it('keeps the words of a link that leads out', () => {
    expect(sanitizeBody('<a href="https://example.com" class="note">the <b>site</b></a>').html).toBe(
      '<span class="note">the <b>site</b></span>',
    );
  });

  describe('images', () => {
    it('removes one without a source', () => {
      expect(sanitizeBody('a<img alt="x">b')).toEqual({ html: 'ab', removed: ['<img> without src ×1'] });
    });

    it('keeps a small PNG in the text', () => {
      const image = `<img src="data:image/png;base64,${pixel}" alt="A chart" width="100" />`;
      expect(sanitizeBody(image)).toEqual({ html: image, removed: [] });
      expect(sanitizeBody(image.replace('iVBOR', 'iVB\nOR'))).toEqual({ html: image, removed: [] });
    });

    it.each([
      ['another format', 'data:image/svg+xml;base64,PHN2Zy8+'],
      ['a GIF that is called a PNG', 'data:image/png;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=AAAAAAAAAAAAAA'],
      ['HTML', 'data:text/html,<script>alert(1)</script>'],
      ['an address', 'https://example.com/x.png'],
      ['what is not base64', `data:image/png;base64,${pixel}"onerror=alert(1)`],
      ['a PNG of 20,000 × 1 pixels', `data:image/png;base64,${pixel.replace('AAAAEAAAAB', 'AAE4gAAAAB')}`],
      ['a PNG without extent', `data:image/png;base64,${pixel.replace('AAAAEAAAAB', 'AAAAAAAAAB')}`],
      ['a PNG above 200 KB', `data:image/png;base64,${pixel.slice(0, 64)}${'A'.repeat(280_000)}`],
    ])('removes %s', (_, source) => {
      const { html, removed } = sanitizeBody(`a<img src="${source.replaceAll('"', '&quot;')}" alt="x">b`);
      expect(html).toBe('ab');
      expect(removed).toHaveLength(1);
    });
  });

  describe('odd input', () => {
    it.each([
      ['nothing', '', ''],
      ['unclosed tags', '<p>one <b>two', '<p>one <b>two</b></p>'],
      ['end tags without a start', 'a</div></article></section>b', 'ab'],
      ['half a tag at the end', 'text <p class="x', 'text '],
      ['a lone less-than sign', '1 < 2', '1 &lt; 2'],
      ['an unknown entity', '&nosuch; &amp; &lt;', '&amp;nosuch; &amp; &lt;'],
      ['NULs inside a tag’s name', 'a<scr\u0000ipt>alert(1)</scr\u0000ipt>b', 'ab'],
      ['terminal escapes', '\u001b[31mred\u001b[0m', 'red'],
      ['terminal escapes as entities', '&#27;[31mred', '␛[31mred'],
      ['bidi controls', 'a\u202eb', 'a⟨U+202E⟩b'],
      ['bidi controls as entities', 'a&#x202E;b&#8294;', 'a⟨U+202E⟩b⟨U+2066⟩'],
      ['bidi controls in an attribute', '<abbr title="a\u202eb">x</abbr>', '<abbr title="a⟨U+202E⟩b">x</abbr>'],
      ['half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
      ['an invisible alphabet', 'a\u{E0041}b', 'a⟨U+E0041⟩b'],
      ['names of prototypes', '<constructor __proto__="x">a</constructor><p constructor="y">b</p>', 'a<p>b</p>'],
    ])('copes with %s', (_, text, expected) => {
      const { html } = sanitizeBody(text);
      expect(html).toBe(expected);
      expect(textProblems(html)).toEqual([]);
    });

    it('refuses more than 512 KB, counted in bytes, and says what to do', () => {
      const failure = failureOf(() => sanitizeBody('ä'.repeat(bodyByteLimit / 2 + 1)));
      expect(failure).toMatchObject({ kind: 'INVALID_REQUEST', where: 'content' });
      expect(failure.message).toMatch(/513 KB .* at most 512 KB .* submit it again/);
      expect(sanitizeBody('a'.repeat(bodyByteLimit)).html).toHaveLength(bodyByteLimit);
    });

    it('refuses elements nested without end, but not many beside each other', () => {
      const failure = failureOf(() => sanitizeBody('<b>'.repeat(170_000)));
      expect(failure.message).toContain('nested more than 100 deep');
      expect(sanitizeBody('<br>'.repeat(1_000)).html).toBe('<br />'.repeat(1_000));
      expect(sanitizeBody('<x>a</x>'.repeat(1_000)).removed).toEqual(['<x> ×1000']);
    });
  });

  describe.each(Object.entries(attacks))('attacks by %s', (_, texts) => {
    it.each(texts)('%s', (text) => {
      const { html } = sanitizeBody(`before ${text}`);
      expect(textProblems(html)).toEqual([]);
      expect(html).toMatch(/^before /);
      expect(html).not.toMatch(/<\s*script/i);
      expect(sanitizeBody(html).removed).toEqual([]);
    });
  });

  it('leaves nothing active of any mixture of them', () => {
    const shreds =
      `<p> </p> <table> </table> <tr> <td> <div </div> > < " ' = /> <!-- --> <a <a> <img href=" src= &lt; &#60; &quot <svg> </svg> <h1> </h2> <section> ]]>`.split(
        ' ',
      );
    const pieces = fc.constantFrom(...Object.values(attacks).flat(), ...shreds, '\u0000', '\u202e', ' ');
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 12 }),
        (parts) => {
          const { html } = sanitizeBody(parts.join(''));
          expect(textProblems(html)).toEqual([]);
          expect(sanitizeBody(html).removed).toEqual([]);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
