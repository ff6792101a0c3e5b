import { expect } from 'vitest';

/** What may stand in a page, said here again so that a change of the allow-list in the sources is noticed. */
const textElements =
  'h3 h4 h5 h6 p div span br hr blockquote pre code kbd samp ul ol li dl dt dd table caption thead tbody tfoot tr th td em strong b i u s del ins small sub sup mark abbr var q cite figure figcaption details summary a img';
const pageElements = `${textElements} html head meta title style body header main article section nav h1 h2 bdi time svg path title`;
const textAttributes = 'class href src alt width height colspan rowspan scope start open title';
const pageAttributes = `${textAttributes} lang charset name content id datetime role aria-label aria-hidden tabindex viewBox preserveAspectRatio d fill-opacity`;
const withoutEnd = new Set('br hr img meta'.split(' '));

type Element = { readonly name: string; readonly attributes: ReadonlyMap<string, string> };

/**
 * Reads markup by a grammar far narrower than HTML’s and fails on everything else: a `<` that begins no complete tag, an
 * unquoted or repeated attribute, an element or attribute not named above, an end tag that does not match.
 */
const readStrictly = (markup: string, elements: ReadonlySet<string>, attributes: ReadonlySet<string>): Element[] => {
  const found: Element[] = [];
  const open: string[] = [];
  const rest = markup.replace(
    /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"<>]*")?)*)\s*(\/?)>/g,
    (_, end: string, name: string, list: string, selfClosing: string) => {
      expect(elements, `element <${name}>`).toContain(name);
      if (end === '/') {
        expect(name, 'the end tag').toBe(open.pop());
        expect(list.trim()).toBe('');
        return '';
      }
      const pairs = [...list.matchAll(/\s([a-zA-Z-]+)(?:="([^"]*)")?/g)].map(
        (match) => [match[1] ?? '', match[2] ?? ''] as const,
      );
      for (const [attribute] of pairs) expect(attributes, `attribute ${attribute} of <${name}>`).toContain(attribute);
      expect(new Set(pairs.map(([attribute]) => attribute)).size, `attributes of <${name}>`).toBe(pairs.length);
      found.push({ name, attributes: new Map(pairs) });
      if (selfClosing === '' && !withoutEnd.has(name)) open.push(name);
      return '';
    },
  );
  expect(open, 'elements without an end').toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  // oxlint-disable-next-line no-control-regex
  expect(rest).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\p{Bidi_Control}/u);
  return found;
};

const expectHarmlessLinks = (elements: readonly Element[]): void => {
  for (const { name, attributes } of elements) {
    if (attributes.has('href')) expect(attributes.get('href')).toMatch(/^#[a-z0-9]+$/);
    if (attributes.has('src')) {
      expect(name).toBe('img');
      expect(attributes.get('src')).toMatch(/^data:image\/png;base64,[A-Za-z0-9+/=]+$/);
    }
  }
};

/** Fails unless a sanitized text holds listed elements and attributes alone, balanced, with links to evidence only. */
export const expectInertText = (markup: string): readonly Element[] => {
  const elements = readStrictly(markup, new Set(textElements.split(' ')), new Set(textAttributes.split(' ')));
  expectHarmlessLinks(elements);
  for (const { attributes } of elements) {
    if (attributes.has('href')) expect(attributes.get('href')).toMatch(/^#e[0-9a-f]{6,64}$/);
    for (const name of (attributes.get('class') ?? 'num').split(' ')) {
      expect(['num', 'note', 'warn', 'good', 'bad', 'muted']).toContain(name);
    }
  }
  return elements;
};

/** The same for a whole page: one style sheet, which loads nothing, and no element or id twice that must be unique. */
export const expectInertPage = (page: string): readonly Element[] => {
  const [, before = '', style = '', after = ''] =
    /^<!doctype html>([^]*?)<style>([^]*?)<\/style>([^]*)$/.exec(page) ?? [];
  expect(style).not.toMatch(/url\(|@import|@font-face|<|expression|behavior/i);
  const elements = readStrictly(
    `${before}<style></style>${after}`,
    new Set(pageElements.split(' ')),
    new Set(pageAttributes.split(' ')),
  );
  expectHarmlessLinks(elements);
  for (const once of ['html', 'head', 'body', 'main', 'article', 'header', 'nav', 'style', 'h1']) {
    expect(
      elements.filter(({ name }) => name === once),
      once,
    ).toHaveLength(1);
  }
  const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  const targets = elements.flatMap(({ attributes }) => attributes.get('href')?.slice(1) ?? []);
  expect(
    targets.filter((target) => !ids.includes(target)),
    'links to nowhere',
  ).toEqual([]);
  return elements;
};
