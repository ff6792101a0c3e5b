import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync('docs/glossary.md', 'utf8');
const [words = '', retiredWords = ''] = page.split('## Retired words');
const rowsOf = (part: string): readonly string[] =>
  [...part.matchAll(/^\| ([^|]+?) \| [^|]+ \|$/gm)]
    .map(([, word = '']) => word)
    .filter((word) => !/^(word|retired|-+)$/.test(word));

const code = globSync(['{src,bin,lib,functions,runner-task}/**/*.{ts,mjs,py}'], {
  exclude: ['**/node_modules/**'],
}).filter((file) => !file.includes('node_modules'));

/** The names in a text, such as `weighCards` and `weigh-cards`, in one piece and in small letters. */
const namesIn = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/[A-Za-z]+(?:[-_][A-Za-z]+)*/g)].map(([name]) => name.replaceAll(/[-_]/g, '').toLowerCase()),
  );

/** A text without comments and strings: what is left are names. */
const withoutProse = (text: string): string =>
  text.replaceAll(/\/\*[^]*?\*\/|\/\/.*|#.*|"[^"\n]*"|'[^'\n]*'|`[^`]*`/g, ' ');

const isUsed = (retired: string, file: string): boolean => {
  const text = readFileSync(file, 'utf8');
  const path = namesIn(file);
  const word = retired.toLowerCase();
  // A type may be called by a plain verb: as a verb it stays.
  if (/^[A-Z][a-z]+$/.test(retired)) return path.has(word) || new RegExp(`\\b${retired}\\b`).test(withoutProse(text));
  const names = namesIn(text);
  return [word, `${word}s`, `${word}ed`].some((form) => names.has(form) || path.has(form));
};

describe('the glossary', () => {
  it('gives each word once', () => {
    const all = rowsOf(words);
    expect(all.length).toBeGreaterThan(40);
    expect(all.filter((word, index) => all.indexOf(word) !== index)).toEqual([]);
    expect(all.filter((word) => rowsOf(retiredWords).includes(word))).toEqual([]);
  });

  it.each(rowsOf(retiredWords))('keeps the retired word “%s” out of the code', (retired) => {
    expect(code.length).toBeGreaterThan(400);
    const found = code.filter((file) => isUsed(retired, file));
    expect(found).toEqual([]);
  });
});
