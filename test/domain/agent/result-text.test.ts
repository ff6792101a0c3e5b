import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResultTable } from '../../../src/contracts/sandbox.ts';
import { cellToText } from '../../../src/domain/agent/cell-text.ts';
import { cellLimit, outputLimit, resultToText } from '../../../src/domain/agent/result-text.ts';

const table = (
  columns: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
  truncated = false,
): ResultTable => ({
  columns: columns.map((name) => ({ name, type: 'VARCHAR' })),
  values: columns.map((_, index) => rows.map((row) => row[index] ?? null)),
  rows: rows.length,
  truncated,
});

const signs: Readonly<Record<string, string>> = { '\\\\': '\\', '\\t': '\t', '\\n': '\n', '\\r': '\r' };
const unescape = (text: string): string => text.replace(/\\[\\tnr]/g, (pair) => signs[pair] ?? pair);

/** The rows of a text as a model reads them: what it is told of the escapes is enough to get the values back. */
const readRows = (text: string): readonly (readonly (string | null)[])[] => {
  const [, , ...lines] = text.split('\n');
  const read = (line: string) => line.split('\t').map((cell) => (cell === '\\N' ? null : unescape(cell)));
  return lines.filter((line) => !line.startsWith('[Cut: ')).map(read);
};

describe('A result as text', () => {
  it('says of what the engine did not answer in full that no figure comes of it', () => {
    const text = resultToText(
      { ...table(['n'], [[1001]]), incomplete: ['The server warned (1931): a recursion was stopped.'] },
      'e1',
    );
    expect(text.split('\n').at(-1)).toBe(
      '[Not the answer: The server warned (1931): a recursion was stopped. No figure may be taken from this result; ask in a way that avoids it.]',
    );
  });

  it('begins with its evidence id, then columns and rows between tabs', () => {
    expect(
      resultToText(
        table(
          ['status', 'n'],
          [
            ['paid', 3],
            [null, 1],
          ],
        ),
        'e1',
      ),
    ).toBe('evidence e1: 2 rows, 2 columns\nstatus\tn\npaid\t3\n\\N\t1');
  });

  it('is read back as it was, whatever the values hold', () => {
    const cell = fc.option(fc.string({ unit: 'grapheme', maxLength: 40 }), { nil: null });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 20 }), (rows) => {
        const text = resultToText(table(['a\tb', 'c'], rows), 'eabc');
        expect(text.split('\n').slice(0, 2)).toEqual([`evidence eabc: ${rows.length} rows, 2 columns`, 'a\\tb\tc']);
        expect(readRows(text)).toEqual(rows);
      }),
    );
  });

  it('never passes its limit by more than its notices, and says what was cut', () => {
    const rows = Array.from({ length: 900 }, (_, index) => [index, 'x'.repeat(100)]);
    const text = resultToText(table(['i', 't'], rows, true), 'e1');
    expect(text.length).toBeLessThan(outputLimit + 600);
    const shown = readRows(text).length;
    expect(shown).toBeGreaterThan(100);
    expect(text).toContain(`900 and more rows, 2 columns, first ${shown} shown`);
    expect(text).toContain(`[Cut: ${900 - shown} of 900 rows are not shown`);
    expect(text).toContain('[Cut: the result has more than these 900 rows');
  });

  it('cuts long cells and says by how much', () => {
    expect(resultToText(table(['t'], [['y'.repeat(cellLimit + 7)]]), 'e1')).toContain('… (7 more characters)');
  });
});

describe('A Python cell as text', () => {
  const cell = { stdout: '', stdout_truncated: false, outputs: [], state_lost: false, milliseconds: 1 };
  const none = { statements: 0, statement_evidence: [] };

  it('shows what was printed, the outputs, the value and the error', () => {
    const text = cellToText(
      {
        ...cell,
        stdout: 'one\ntwo\n',
        stdout_truncated: true,
        outputs: [
          { mime: 'image/png', data: 'iVBOR' },
          { mime: 'text/plain', data: 'a table' },
        ],
        result: '42',
        error: { kind: 'PYTHON_FAILED', name: 'E', message: 'm', traceback: '' },
        state_lost: true,
      },
      'e9',
      { statements: 2, statement_evidence: ['ea', 'eb'] },
    );
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'evidence e9',
        'statements sent from it: 2, evidence ea eb',
        'stdout:',
        'one',
        'two',
        '[An output of type image/png, 5 characters, is not shown.]',
        'a table',
        '42',
        'error (PYTHON_FAILED):',
        'E: m',
      ]),
    );
    expect(text).toContain('all variables are gone');
    expect(text).toContain('printed more than the sandbox keeps');
  });

  it('says when there is nothing to show', () => {
    expect(cellToText(cell, 'e9', none)).toBe(
      'evidence e9\nstatements sent from it: 0\n(nothing was printed, and the last line was no expression)',
    );
  });

  it('tells the number of all statements and cites the first of many', () => {
    const statement_evidence = Array.from({ length: 70 }, (_, index) => `e${index}`);
    const [, sent] = cellToText(cell, 'e9', { statements: 90, statement_evidence }).split('\n');
    expect(sent).toMatch(/^statements sent from it: 90, evidence of the first 50 e0 e1 .* e49$/);
  });

  it('keeps beginning and end of a long text, and says what is missing', () => {
    const text = cellToText({ ...cell, stdout: `${'a'.repeat(20_000)}END` }, 'e9', none);
    expect(text).toContain('[Cut: 4003 of 20003 characters are left out here.]');
    expect(text.endsWith('END')).toBe(true);
  });
});
