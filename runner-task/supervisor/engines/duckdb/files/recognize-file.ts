import { dataFileEndings } from '../../../../../src/domain/engines/duckdb/data-file.ts';
import { contentOfStart, contentProblem, fileContent, type FileContent } from '../../file-content.ts';
import { FileProblem, type FoundFile } from './file-loader.ts';
import { checkUnpacked } from './check-unpacked.ts';
import { checkWritten } from './check-written.ts';
import { readHead } from './csv/open-bytes.ts';

/** What files are that are read as what their content is. */
const contentTitles = { parquet: 'Parquet', json: 'JSON' } as const;

const readAsContent = (file: FoundFile, content: keyof typeof contentTitles): FoundFile => {
  if (file.format === content) return file;
  const detail = `By its name it is ${titles[file.format]}; its content is ${contentTitles[content]}, and was read as that.`;
  return { ...file, format: content, notes: [...file.notes, { kind: 'read_as', detail }] };
};

const titles: Readonly<Record<FoundFile['format'], string>> = {
  csv: 'CSV',
  json: 'JSON',
  parquet: 'Parquet',
  excel: 'an Excel workbook',
};

const endings = { gzip: 'gz', zstd: 'zst' } as const;

/** Formats that are themselves packed, or are binary: text and what is packed as a whole is none of them. */
const isBinary = (format: FoundFile['format']): boolean => format === 'parquet' || format === 'excel';

/** What is no text, and yet is read where it is a file of its own. */
const isPackedItself = (content: FileContent): boolean => ['gzip', 'zstd', 'zip', 'parquet'].includes(content);

const startBytes = 512;

const readAs = (file: FoundFile, content: FileContent): FoundFile => {
  const { format, name, notes } = file;
  if (content === 'parquet' || (content === 'json' && format === 'csv')) return readAsContent(file, content);
  if (content === 'zip') {
    if (format === 'excel') return file;
    throw new FileProblem('It is a ZIP archive. Unpack it; a workbook needs a name that ends in .xlsx.');
  }
  if (isBinary(format)) {
    const is = content === 'text' || content === 'json' ? 'text' : 'packed as a whole';
    throw new FileProblem(
      `It is not ${titles[format]}, but ${is}. Give it the name that its content has: one that ends in ${dataFileEndings}.`,
    );
  }
  const packing = content === 'gzip' || content === 'zstd' ? content : undefined;
  const [, ending = ''] = /\.(gz|zst)$/i.exec(name) ?? [];
  if (ending.toLowerCase() === (packing === undefined ? '' : endings[packing]))
    return packing === undefined ? file : { ...file, packing };
  const is = packing === undefined ? 'is not packed' : `is packed by ${packing}`;
  return {
    ...file,
    ...(packing === undefined ? {} : { packing }),
    notes: [...notes, { kind: 'read_as', detail: `Its content ${is}, which its name does not tell.` }],
  };
};

/**
 * A file as what it really is, whatever its name says: its first bytes tell. Fails with a FileProblem where that is
 * nothing that can be read, or where it unpacks to far more than it has.
 */
export const recognizeFile = async (file: FoundFile): Promise<FoundFile> => {
  const content = await fileContent(file.path);
  const problem = contentProblem(content, file.path);
  if (problem !== undefined) throw new FileProblem(problem);
  const recognized = readAs(file, content);
  if (recognized.packing === undefined) {
    if (!isBinary(recognized.format)) await checkWritten(recognized);
    return recognized;
  }
  await checkUnpacked(recognized.path, recognized.packing, recognized.bytes, recognized.signal);
  const within = contentOfStart((await readHead(recognized, startBytes)).head);
  const inside = isPackedItself(within) ? `It holds ${within}.` : contentProblem(within, file.path);
  if (inside !== undefined)
    throw new FileProblem(`It is packed, and what is packed is no text. Unpack it first. ${inside}`);
  return within === 'json' && recognized.format === 'csv' ? readAsContent(recognized, 'json') : recognized;
};
