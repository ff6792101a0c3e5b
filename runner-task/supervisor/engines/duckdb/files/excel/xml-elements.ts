import { lookUp } from '../../../../../../src/contracts/look-up.ts';
import { FileProblem } from '../file-loader.ts';

/** The longest element that is read whole: a row of a sheet, a shared text. */
const maxElement = 32 * 1024 * 1024;

/** An element as it is written: the text within its opening tag, and what is between its tags. */
export type XmlElement = { readonly attributes: string; readonly content: string };

/** Where the opening tag of an element begins, of `name` or with a prefix before it, at or behind a place; -1 where there is none. */
const findTag = (
  text: string,
  name: string,
  from: number,
): { readonly at: number; readonly prefix: string } | undefined => {
  for (let at = text.indexOf('<', from); at !== -1; at = text.indexOf('<', at + 1)) {
    // Prefixes of namespaces are short.
    const tag = text.slice(at + 1, at + 1 + name.length + 12);
    const colon = tag.indexOf(':');
    const prefix = colon !== -1 && /^[\w-]*$/.test(tag.slice(0, colon)) ? tag.slice(0, colon + 1) : '';
    if (tag.startsWith(name, prefix.length) && /^[\s/>]?$/.test(tag.charAt(prefix.length + name.length)))
      return { at, prefix };
  }
  return undefined;
};

/**
 * The elements of a name in a text that comes in pieces, none within another of the same name. No entity is looked up and no
 * document is built: a sheet has millions of cells.
 */
export async function* xmlElements(pieces: AsyncIterable<string>, name: string): AsyncGenerator<XmlElement> {
  let rest = '';
  for await (const piece of pieces) {
    rest += piece;
    const { found, used } = takeElements(rest, name);
    yield* found;
    rest = rest.slice(used);
    if (rest.length > maxElement)
      throw new FileProblem(`A row or a text of it has more than ${maxElement / 1024 ** 2} MiB, which is not read.`);
  }
}

/** The whole elements of a text, and up to where they reach. */
const takeElements = (text: string, name: string): { readonly found: readonly XmlElement[]; readonly used: number } => {
  const found: XmlElement[] = [];
  let used = 0;
  for (;;) {
    const tag = findTag(text, name, used);
    // A tag may be cut in two.
    if (tag === undefined) return { found, used: text.lastIndexOf('<') >= used ? text.lastIndexOf('<') : text.length };
    const close = text.indexOf('>', tag.at);
    if (close === -1) return { found, used: tag.at };
    const attributes = text.slice(tag.at + 1 + tag.prefix.length + name.length, close);
    if (attributes.endsWith('/')) {
      found.push({ attributes: attributes.slice(0, -1), content: '' });
      used = close + 1;
      continue;
    }
    const ending = `</${tag.prefix}${name}>`;
    const end = text.indexOf(ending, close);
    if (end === -1) return { found, used: tag.at };
    found.push({ attributes, content: text.slice(close + 1, end) });
    used = end + ending.length;
  }
};

/** The elements of a name in a text that is there whole. */
export const elementsOf = (text: string, name: string): readonly XmlElement[] => takeElements(text, name).found;

/** A document that is there whole. */
export const wholeText = async (pieces: AsyncIterable<string>): Promise<string> => {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length > maxElement) throw new FileProblem('Its list of sheets or styles is larger than is read.');
  }
  return text;
};

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** A text without XML's own notation. */
export const decodeXml = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
        if (typeof name === 'string') return lookUp(named, name.toLowerCase()) ?? whole;
        const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      })
    : text;

/** The value of an attribute. */
export const attribute = (attributes: string, name: string): string | undefined => {
  const [, double, single] = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes) ?? [];
  const value = double ?? single;
  return value === undefined ? undefined : decodeXml(value);
};
