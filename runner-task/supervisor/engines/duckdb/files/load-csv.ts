import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableNote } from '../../../../../src/contracts/schema.ts';
import { type CsvPlan, planCsv, shownCharacter, thousandsNotes } from './csv/csv-plan.ts';
import { isWeak } from './csv/choose-dialect.ts';
import { decodeHead } from './csv/decode-text.ts';
import { findEncoding } from './csv/find-encoding.ts';
import { isRegular, loadDirectly } from './csv/load-directly.ts';
import { loadByParsing } from './csv/load-by-parsing.ts';
import { openBytes, readHead } from './csv/open-bytes.ts';
import { FileProblem, type FileLoader, type FoundFile } from './file-loader.ts';

/** Decides how a file is read, its names and its delimiter: so much that thousands of lines speak. */
const headBytes = 256 * 1024;
/** Below this size our own parser takes no time worth saving. */
const minDirectBytes = 1024 * 1024;

/** How the fields are told apart, where it is not as most files have it. */
const dialectNotes = ({ dialect: { delimiter, quote, escape } }: CsvPlan): readonly TableNote[] => {
  const found = [
    ...(delimiter === ',' || delimiter === '' ? [] : [`fields are divided by ${shownCharacter(delimiter)}`]),
    ...(quote === '"' ? [] : ['texts stand in single quotes']),
    ...(escape === 'doubled' ? [] : ['a quote within quotes stands after a backslash']),
  ];
  return found.length === 0
    ? []
    : [{ kind: isWeak(delimiter) ? 'assumed' : 'read_as', detail: `As its beginning shows, ${found.join(', ')}.` }];
};

const planOf = (text: string, whole: boolean, { name }: FoundFile): CsvPlan => {
  const plan = planCsv(text, whole, /\.tsv(?:\.|$)/i.test(name) ? '\t' : undefined);
  if (/^\s*$/.test(text) && whole)
    throw new FileProblem('It holds no line but empty ones. Write it again, or remove it.');
  return plan;
};

/** The plan of a file whose beginning is in UTF-8. */
const planUtf8 = async (head: Buffer, whole: boolean, file: FoundFile): Promise<CsvPlan | undefined> => {
  try {
    return planOf(await decodeHead(head, whole, 'utf-8'), whole, file);
  } catch {
    return undefined;
  }
};

/** What a file becomes: notes of how it was read, and whether it is read again by each statement. */
export const loadCsv = async (
  connection: DuckDBConnection,
  file: FoundFile,
  copied: boolean,
  directFrom: number = minDirectBytes,
): Promise<{ readonly notes: readonly TableNote[]; readonly direct: boolean }> => {
  const { head, whole } = await readHead(file, headBytes);
  const early = file.bytes < directFrom ? undefined : await planUtf8(head, whole, file);
  if (early && isRegular(early)) {
    const loaded = await loadDirectly(connection, file, early, copied);
    if (loaded) return { notes: [...dialectNotes(early), ...thousandsNotes(early), ...loaded.notes], direct: true };
  }
  const encoding = await findEncoding(head, openBytes(file));
  const plan = planOf(await decodeHead(head, whole, encoding.encoding), whole, file);
  const loaded = await loadByParsing(connection, file, plan, encoding);
  return { notes: [...dialectNotes(plan), ...thousandsNotes(plan), ...loaded.notes], direct: false };
};

/** CSV and TSV files, also packed, in the encodings that people have. */
export const csvLoader: FileLoader = {
  title: 'CSV',
  async load(connection, file, { copied }) {
    const { table, path, bytes } = file;
    const { notes, direct } = await loadCsv(connection, file, copied);
    return [{ table, bytes, notes: [...file.notes, ...notes], reads: direct && !copied ? [path] : [] }];
  },
};
