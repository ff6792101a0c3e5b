import { isUtf8 } from 'node:buffer';
import { readHead } from './csv/open-bytes.ts';
import { FileProblem, type FoundFile } from './file-loader.ts';

/** Of larger files, the reader's own words have to do. */
const maxBytes = 16 * 1024 * 1024;

const shown = (line: string): string => JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line);

const problemOf = (text: string): string | undefined => {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    // What follows the place is the text itself.
    return error instanceof Error ? error.message.replace(/, (?:"|\.\.\.)[\s\S]*$/, '') : String(error);
  }
};

/** Whether a text only ends too early: more of it might make it whole. */
const isCut = (text: string): boolean => {
  const problem = problemOf(text) ?? '';
  const [, position] = /position (\d+)/.exec(problem) ?? [];
  return /end of JSON|Unterminated/.test(problem) || Number(position) >= text.length;
};

/** The line, from 1, up to which a text may be JSON. The parser does not name the place of each problem. */
const lastLine = (text: string): number => {
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (middle > 0 && isCut(text.slice(0, middle))) low = middle;
    else high = middle - 1;
  }
  return text
    .slice(0, low + 1)
    .trimEnd()
    .split('\n').length;
};

/**
 * Why a file is no JSON, with the line, where a reader has said no: a text that is cut short, a line that is no record, a comment, a comma too
 * many. Undefined where another parser sees nothing wrong.
 */
export const explainJson = async (file: Pick<FoundFile, 'path' | 'packing'>): Promise<FileProblem | undefined> => {
  const { head, whole } = await readHead(file, maxBytes);
  if (!whole) return undefined;
  const bytes = head.toString('latin1').split('\n');
  const other = bytes.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
  if (other !== -1)
    return new FileProblem(
      `Its line ${other + 1} holds bytes that are no UTF-8, which JSON is written in. Convert it: iconv -f <its encoding> -t UTF-8.`,
    );
  const text = head.toString('utf8').replace(/^\uFEFF/, '');
  const problem = problemOf(text);
  if (problem === undefined) return undefined;
  const lines = text.split('\n');
  const first = lines.find((line) => line.trim() !== '') ?? '';
  const isOneALine = lines.length > 1 && problemOf(first) === undefined;
  const bad = isOneALine ? lines.findIndex((line) => line.trim() !== '' && problemOf(line) !== undefined) : -1;
  // Records one after another over several lines are no lines of records.
  if (isOneALine && bad === -1) return undefined;
  const number = isOneALine ? bad + 1 : lastLine(text);
  const line = lines[number - 1] ?? '';
  const ends = isOneALine ? bad === text.trimEnd().split('\n').length - 1 : isCut(text);
  return new FileProblem(
    `Line ${number} is no JSON: ${shown(line)} (${isOneALine ? (problemOf(line) ?? problem) : problem}). ${ends ? 'The file may be cut short: copy it again, or mend its end.' : 'Mend it, or write the file again.'}`,
  );
};
