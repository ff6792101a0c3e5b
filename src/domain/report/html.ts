import { lookUp } from '../../contracts/look-up.ts';
import { makeVisible } from './visible-text.ts';

const markup = Symbol('markup');

/** Text that is HTML already. Only `html` and `raw` make it; nothing read from JSON can pass for it. */
export type Html = { readonly [markup]: string };

/** What a template takes: text and numbers are escaped, lists set line by line, what is absent or false leaves nothing. */
export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

/**
 * A tagged template that escapes every value it is given, for text and quoted attributes alike. Indentation of the
 * template itself is left out: a page has thousands of rows.
 */
export const html = (strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html =>
  raw(withoutIndentation(strings).reduce((before, after, index) => before + render(values[index - 1]) + after));

// A template’s strings are one object for all its uses: trimming them once halves the time of a large page.
const trimmed = new WeakMap<TemplateStringsArray, readonly string[]>();

const withoutIndentation = (strings: TemplateStringsArray): readonly string[] => {
  const known = trimmed.get(strings);
  if (known !== undefined) return known;
  const lines = strings.raw.map((text) => text.replace(/\n\s+/g, '\n'));
  trimmed.set(strings, lines);
  return lines;
};

/** Takes text as HTML. Only for what this project wrote itself or has sanitized. */
export const raw = (text: string): Html => ({ [markup]: text });

/** The text of a finished piece of HTML. */
export const toText = (value: Html): string => value[markup];

const render = (value: HtmlValue): string => {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  if (isList(value)) return value.map(render).join('\n');
  return Object.hasOwn(value, markup) ? value[markup] : escapeHtml(JSON.stringify(value));
};

const isList = (value: Html | readonly HtmlValue[]): value is readonly HtmlValue[] => Array.isArray(value);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string =>
  makeVisible(text).replace(/[&<>"']/g, (sign) => lookUp(entities, sign) ?? '');
