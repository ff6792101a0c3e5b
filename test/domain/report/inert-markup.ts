/** What may stand in a page, said here again so that a change of the allow-list in the sources is noticed. */
const textElements =
  'h3 h4 h5 h6 p div span br hr blockquote pre code kbd samp ul ol li dl dt dd table caption thead tbody tfoot tr th td em strong b i u s del ins small sub sup mark abbr var q cite figure figcaption details summary a img';
const pageElements = `${textElements} html head meta title style body header main article section nav h1 h2 bdi time svg path`;
const textAttributes = 'class href src alt width height colspan rowspan scope start open title';
const pageAttributes = `${textAttributes} lang charset name content id datetime role aria-label aria-hidden tabindex viewBox preserveAspectRatio d fill-opacity`;
const textClasses = new Set('num note warn good bad muted'.split(' '));
const withoutEnd = new Set('br hr img meta'.split(' '));

type Element = { readonly name: string; readonly attributes: ReadonlyMap<string, string> };

/**
 * Reads markup by a grammar far narrower than HTML’s and names everything else: a `<` that begins no complete tag, an
 * unquoted or repeated attribute, an element or attribute not named above, an end tag that does not match, an address
 * that is neither an anchor nor an inline PNG, a control character.
 */
const readStrictly = (markup: string, elements: ReadonlySet<string>, attributes: ReadonlySet<string>) => {
  const found: Element[] = [];
  const problems: string[] = [];
  const open: string[] = [];
  const rest = markup.replace(
    /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"<>]*")?)*)\s*(\/?)>/g,
    (tag: string, end: string, name: string, list: string, selfClosing: string) => {
      if (!elements.has(name)) problems.push(`element ${tag}`);
      if (end === '/') {
        const expected = open.pop();
        if (name !== expected || list.trim() !== '') problems.push(`${tag} where ${expected} should end`);
        return '';
      }
      const pairs = [...list.matchAll(/\s([a-zA-Z-]+)(?:="([^"]*)")?/g)].map(
        ([, attribute = '', value = '']) => [attribute, value] as const,
      );
      const known = new Map(pairs);
      if (known.size < pairs.length || pairs.some(([attribute]) => !attributes.has(attribute))) {
        problems.push(`attributes of ${tag}`);
      }
      if (!/^#[a-z0-9]+$/.test(known.get('href') ?? '#a')) problems.push(`link ${tag}`);
      if (known.has('src') && (name !== 'img' || !/^data:image\/png;base64,[\w+/=]+$/.test(known.get('src') ?? ''))) {
        problems.push(`source ${tag.slice(0, 200)}`);
      }
      found.push({ name, attributes: known });
      if (selfClosing === '' && !withoutEnd.has(name)) open.push(name);
      return '';
    },
  );
  if (open.length > 0) problems.push(`no end of ${open.join(', ')}`);
  if (/[<>]/.test(rest)) problems.push(`not a tag: ${/.{0,40}[<>].{0,40}/.exec(rest)?.[0]}`);
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\p{Bidi_Control}/u.test(markup)) problems.push('control characters');
  return { found, problems };
};

const idsOf = (elements: readonly Element[]) => elements.flatMap(({ attributes }) => attributes.get('id') ?? []);

/** What a sanitized text holds beside listed elements, attributes and classes, balanced, with links to evidence alone. */
export const textProblems = (markup: string): readonly string[] => {
  const { found, problems } = readStrictly(
    markup,
    new Set(textElements.split(' ')),
    new Set(textAttributes.split(' ')),
  );
  const values = (name: string) => found.flatMap(({ attributes }) => attributes.get(name) ?? []);
  return [
    ...problems,
    ...values('href').filter((target) => !/^#e[0-9a-f]{6,64}$/.test(target)),
    ...values('class').filter((classes) => classes.split(' ').some((name) => !textClasses.has(name))),
  ];
};

/** The page's policy, said by itself right after its encoding: what stands before a policy is not held to it. */
const policy =
  /^\s*<html lang="en">\s*<head>\s*<meta charset="utf-8" \/>\s*(<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'" \/>)/;

/** The same for a whole page: its policy, one style sheet, which loads nothing, no id twice, no link to nowhere. */
export const pageProblems = (page: string): readonly string[] => {
  const [, before = '', style = '', after = ''] =
    /^<!doctype html>([^]*?)<style>([^]*?)<\/style>([^]*)$/.exec(page) ?? [];
  const said = policy.exec(before)?.[1] ?? '';
  const { found, problems } = readStrictly(
    `${before.replace(said, '')}<style></style>${after}`,
    new Set(pageElements.split(' ')),
    new Set(pageAttributes.split(' ')),
  );
  const ids = idsOf(found);
  const known = new Set(ids);
  const targets = found.flatMap(({ attributes }) => attributes.get('href')?.slice(1) ?? []);
  const once = ['html', 'head', 'body', 'main', 'article', 'header', 'nav', 'style', 'h1'];
  return [
    ...problems,
    ...(said === '' ? ['no policy'] : []),
    ...(/url\(|@import|@font-face|<|expression|behavior/i.test(style) ? ['style'] : []),
    ...once.filter((name) => found.filter((element) => element.name === name).length !== 1),
    ...(known.size < ids.length ? ['an id twice'] : []),
    ...targets.filter((target) => !known.has(target)).map((target) => `link to nowhere: ${target}`),
  ];
};
