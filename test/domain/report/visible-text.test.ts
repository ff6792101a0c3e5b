import { describe, expect, it } from 'vitest';
import { makeVisible, makeVisibleLine, shorten } from '../../../src/domain/report/visible-text.ts';

describe('making text visible', () => {
  it.each([
    ['plain text, ümläuts, 表, 👩‍👩‍👧', 'plain text, ümläuts, 表, 👩‍👩‍👧'],
    ['tab\tand\nline', 'tab\tand\nline'],
    ['\u0000\u0007\u007f', '␀␇␡'],
    ['\u0085\u202d\u2069', '⟨U+0085⟩⟨U+202D⟩⟨U+2069⟩'],
    ['\u001b[1;31mred\u001b[0m', 'red'],
    ['\u001b]8;;https://example.com\u0007link\u001b]8;;\u001b\\', 'link'],
    ['\u001bcreset\u001b(B', 'reset'],
    ['\u001b', '␛'],
    ['\ud83d', '\ufffd'],
  ])('%j becomes %j', (text, shown) => {
    expect(makeVisible(text)).toBe(shown);
  });

  it('puts a value on one line', () => {
    expect(makeVisibleLine('a\r\nb\nc\td')).toBe('a↵b↵c⇥d');
  });

  it('shortens without breaking a character', () => {
    expect(shorten('abcdef', 6)).toBe('abcdef');
    expect(shorten('abcdefg', 6)).toBe('abcde…');
    expect(shorten('abcd😀g', 6)).toBe('abcd…');
  });
});
