const words = (...lines: readonly string[]): readonly string[] => lines.join(' ').split(' ');

/** Classes that an agent’s text may use; the page’s style sheet gives them their look. */
const bodyClasses = ['num', 'note', 'warn', 'good', 'bad', 'muted'] as const;

/** Elements that an agent’s text may use. None of them is raw text, foreign (SVG, MathML) or a landmark of the page. */
export const bodyElements: readonly string[] = words(
  'h1 h2 h3 h4 h5 h6 p div span br hr blockquote pre code kbd samp',
  'ul ol li dl dt dd table caption thead tbody tfoot tr th td',
  'em strong b i u s del ins small sub sup mark abbr var q cite',
  'figure figcaption details summary a img',
);

/** Containers that become `div`: the page keeps them for itself, so that no end tag of the text can close the page’s. */
export const bodyContainers: readonly string[] = words(
  'main article section header footer aside nav hgroup address center',
);

/** The frame of a whole document. Models often send one; dropping it loses nothing, so it is not mentioned. */
export const documentFrame: readonly string[] = ['html', 'head', 'body'];

/** Elements that go with all they contain, because it is not text to read or could be read as something else. */
export const opaqueElements: readonly string[] = words(
  'script style title template noscript noembed noframes plaintext xmp textarea',
  'select option svg math iframe frameset object applet audio video canvas slot',
);

/** An attribute’s value as the page may carry it, or nothing where it may not. */
export type AttributeRule = (value: string) => string | undefined;

const oneOf =
  (...values: readonly string[]): AttributeRule =>
  (value) =>
    values.find((allowed) => allowed === value.trim().toLowerCase());

const wholeNumber =
  (most: number): AttributeRule =>
  (value) =>
    /^\d{1,6}$/.test(value) && Number(value) >= 1 && Number(value) <= most ? String(Number(value)) : undefined;

const classes: AttributeRule = (value) => {
  const kept = value.split(/\s+/).filter((name) => bodyClasses.some((allowed) => allowed === name));
  return kept.length > 0 ? kept.join(' ') : undefined;
};

const evidenceAnchor: AttributeRule = (value) => (/^#e[0-9a-f]{6,64}$/.test(value) ? value : undefined);

/**
 * A PNG in the page itself: at most 200 KB and 4,000 pixels a side (a PNG of 60 KB can unpack to gigabytes). The eleven
 * characters are the signature of the format in base64; the sides stand in bytes 16 to 24.
 */
const inlineImage: AttributeRule = (value) => {
  const url = value.replace(/\s+/g, '');
  if (url.length > 273_100 || !/^data:image\/png;base64,iVBORw0KGgo[A-Za-z0-9+/]{24,}={0,2}$/.test(url))
    return undefined;
  const head = atob(url.slice(22, 22 + 32));
  const side = (at: number) => [0, 1, 2, 3].reduce((sum, index) => sum * 256 + head.charCodeAt(at + index), 0);
  return side(16) >= 1 && side(16) <= 4_000 && side(20) >= 1 && side(20) <= 4_000 ? url : undefined;
};

const text: AttributeRule = (value) => value.slice(0, 1_000);

/** The attributes of every element. */
export const commonAttributes: Readonly<Record<string, AttributeRule>> = { class: classes };

/** The attributes of one kind of element, beside the common ones. There is no `id`, so none can collide. */
export const bodyAttributes: Readonly<Record<string, Readonly<Record<string, AttributeRule>>>> = {
  a: { href: evidenceAnchor },
  img: { src: inlineImage, alt: text, width: wholeNumber(4_000), height: wholeNumber(4_000) },
  th: {
    colspan: wholeNumber(100),
    rowspan: wholeNumber(1_000),
    scope: oneOf('row', 'col', 'rowgroup', 'colgroup'),
  },
  td: { colspan: wholeNumber(100), rowspan: wholeNumber(1_000) },
  ol: { start: wholeNumber(999_999) },
  details: { open: () => '' },
  abbr: { title: text },
};
