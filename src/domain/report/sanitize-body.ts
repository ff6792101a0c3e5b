import { lookUp } from '../../contracts/look-up.ts';
import sanitizeHtml from 'sanitize-html';
import { Failure } from '../../contracts/failure.ts';
import { bodyAttributes, bodyContainers, bodyElements, commonAttributes } from './body-allow-list.ts';
import { documentFrame, opaqueElements } from './body-allow-list.ts';
import { makeVisible } from './visible-text.ts';

/** The most that an agent may submit, in bytes of UTF-8. */
export const bodyByteLimit = 512 * 1024;

/** The highest level that a heading of the text may have: the page’s own title is h1, its sections are h2. */
const topHeading = 3;

/** Deeper than any text needs. Without a limit 500 KB of `<b>` keep the parser busy for 15 seconds. */
const nestingLimit = 100;

/** What is left of an agent’s text, and what went: `<script> ×2`, `attribute onclick ×1`. */
export type SanitizedBody = { readonly html: string; readonly removed: readonly string[] };

/**
 * An agent’s text as it may stand in the page: listed elements and attributes alone, nothing that runs or loads, links
 * only to evidence (`#e…`), headings from h3 down, invisible characters made visible. Fails with INVALID_REQUEST above
 * 512 KB and on elements nested more than 100 deep.
 */
export const sanitizeBody = (html: string): SanitizedBody => {
  const bytes = new TextEncoder().encode(html).length;
  if (bytes > bodyByteLimit) {
    throw new Failure(
      'INVALID_REQUEST',
      `The report is ${Math.ceil(bytes / 1024)} KB long; at most ${bodyByteLimit / 1024} KB can be published. ` +
        'Leave out raw data and smaller findings, use fewer or smaller images, and submit it again.',
      { where: 'content' },
    );
  }
  return cleanBody(html);
};

/** The same without the limit of size, for text that was sanitized before: escaping may have made it longer. */
export const cleanBody = (html: string): SanitizedBody => {
  const removals = new Map<string, number>();
  const note = (what: string) => {
    const name = makeVisible(what).slice(0, 120);
    removals.set(name, (removals.get(name) ?? 0) + 1);
  };

  let depth = 0;
  const clean = sanitizeHtml(removeControls(html, note), {
    allowedTags: [...bodyElements],
    allowedAttributes: Object.fromEntries(bodyElements.map((element) => [element, attributesOf(element)])),
    allowedSchemes: [],
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard',
    nonTextTags: [...opaqueElements],
    parseStyleAttributes: false,
    transformTags: { '*': (element, attributes) => judgeElement(element, attributes, note) },
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && attribs['src'] === undefined,
    textFilter: (text) => showHidden(text, note),
    onOpenTag: () => {
      depth += 1;
      if (depth > nestingLimit) throw tooDeep();
    },
    onCloseTag: () => {
      depth -= 1;
    },
  });
  return { html: lowerHeadings(clean), removed: listRemovals(removals) };
};

const tooDeep = (): Failure =>
  new Failure(
    'INVALID_REQUEST',
    `Elements of the report are nested more than ${nestingLimit} deep, as happens when tags are opened and not closed. Close them and submit it again.`,
    { where: 'content' },
  );

type Note = (what: string) => void;

const rulesOf = (element: string) => ({
  ...commonAttributes,
  ...(Object.hasOwn(bodyAttributes, element) ? bodyAttributes[element] : {}),
});

const attributesOf = (element: string): string[] => Object.keys(rulesOf(element));

/** One element as it may stand. A name that is not listed is given back as it is: the parser’s allow-list drops it. */
const judgeElement = (element: string, attributes: Readonly<Record<string, string>>, note: Note): sanitizeHtml.Tag => {
  if (documentFrame.includes(element)) return { tagName: element, attribs: {} };
  const tagName = bodyContainers.includes(element) ? 'div' : element;
  if (!bodyElements.includes(tagName)) {
    note(`<${element}>`);
    return { tagName, attribs: {} };
  }
  const rules = rulesOf(tagName);
  const attribs: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    const kept = rule?.(value);
    if (kept !== undefined) attribs[name] = showHidden(kept, note);
    else if (rule === undefined) note(`attribute ${name}`);
    else note(`${name} of <${element}>${lookUp(refusals, `${element}.${name}`) ?? ''}`);
  }
  if (tagName === 'img' && attributes['src'] === undefined) note('<img> without src');
  if (tagName === 'a' && attribs['href'] === undefined) return { tagName: 'span', attribs };
  return { tagName, attribs };
};

/** Why a listed attribute was refused, where its rule is not plain. */
const refusals: Readonly<Record<string, string>> = {
  'a.href': ' (links may only lead to evidence: #e…)',
  'img.src': ' (images must be data:image/png;base64 of at most 200 KB and 4,000 pixels a side)',
};

/** NULs and their kind go before parsing, so that no name or tag is split by them. */
const removeControls = (html: string, note: Note): string =>
  // oxlint-disable-next-line no-control-regex
  html.toWellFormed().replace(/\x1b\[[0-9:;<=>?]*[ -/]*[@-~]|(?![\t\n\r])\p{Cc}/gu, () => {
    note('control character');
    return '';
  });

const showHidden = (text: string, note: Note): string => {
  const visible = makeVisible(text);
  if (visible !== text) note('hidden character (made visible)');
  return visible;
};

/**
 * Moves all headings so that the highest stands at h3. The text is clean here: `<` occurs only where a tag begins. The
 * lowest level decides, so cleaning twice changes nothing.
 */
const lowerHeadings = (clean: string): string => {
  const levels = [...clean.matchAll(/<h([1-6])[ >]/g)].map((match) => Number(match[1]));
  const shift = topHeading - levels.reduce((lowest, level) => Math.min(lowest, level), 6);
  return clean.replace(
    /<(\/?)h([1-6])(?=[ >])/g,
    (_, slash: string, level: string) => `<${slash}h${Math.min(6, Number(level) + shift)}`,
  );
};

const listRemovals = (removals: ReadonlyMap<string, number>): readonly string[] => {
  const listed = [...removals].map(([what, count]) => `${what} ×${count}`);
  return listed.length <= 40 ? listed : [...listed.slice(0, 40), `and ${listed.length - 40} other kinds`];
};
