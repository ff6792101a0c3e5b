import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { dataFileEndings } from '../../../src/domain/engines/duckdb/data-file.ts';
import { fileKind } from '../../../src/domain/engines/file-kind.ts';
import { sourceAddresses } from '../../../src/domain/engines/registry.ts';

/** What a file is by its content, in the words of a message, as in "a Parquet file". */
export type FileContent =
  | 'empty'
  | 'pointer'
  | 'duckdb'
  | 'sqlite'
  | 'parquet'
  | 'cut parquet'
  | 'gzip'
  | 'zstd'
  | 'zip'
  | 'opendocument'
  | 'excel 97'
  | 'encrypted workbook'
  | 'tar'
  | 'zeros'
  | 'other archive'
  | 'other binary'
  | 'png'
  | 'jpeg'
  | 'gif'
  | 'tiff'
  | 'program'
  | 'page'
  | 'json'
  | 'text';

const startBytes = 512;

type Signature = { readonly content: FileContent; readonly text: string };

/** First bytes, in Latin-1. */
const signatures: readonly Signature[] = [
  { content: 'pointer', text: 'version https://git-lfs.github.com/spec/' },
  { content: 'pointer', text: '/annex/objects/' },
  { content: 'gzip', text: '\u001f\u008b' },
  { content: 'zstd', text: '\u0028\u00b5\u002f\u00fd' },
  { content: 'zip', text: 'PK\u0003\u0004' },
  { content: 'zip', text: 'PK\u0005\u0006' },
  { content: 'excel 97', text: '\u00d0\u00cf\u0011\u00e0' },
  { content: 'other archive', text: 'BZh' },
  { content: 'other archive', text: '\u00fd7zXZ' },
  { content: 'other archive', text: '7z\u00bc\u00af' },
  { content: 'other archive', text: 'Rar!' },
  { content: 'other archive', text: '\u0004\u0022\u004d\u0018' },
  { content: 'other binary', text: 'ARROW1' },
  { content: 'other binary', text: 'Obj\u0001' },
  { content: 'other binary', text: 'ORC' },
  { content: 'other binary', text: '%PDF-' },
  { content: 'other binary', text: 'PARE' },
  { content: 'other binary', text: '{\\rtf' },
  { content: 'png', text: '\u0089PNG' },
  { content: 'jpeg', text: '\u00ff\u00d8\u00ff' },
  { content: 'gif', text: 'GIF87a' },
  { content: 'gif', text: 'GIF89a' },
  { content: 'tiff', text: 'II*\u0000' },
  { content: 'tiff', text: 'MM\u0000*' },
  { content: 'program', text: '\u007fELF' },
];

/** Where texts of other kinds begin so: pages, as servers send them in the place of a file, and JSON. */
const page = /^(?:\u00ef\u00bb\u00bf)?\s*<(?:!doctype\b|\?xml\b|html\b|head\b|body\b|table\b)/i;
const jsonList = /^(?:\u00ef\u00bb\u00bf)?\s*\[\s*\{\s*"(?:[^"\\]|\\.)*"\s*:/;
const jsonObject = /^(?:\u00ef\u00bb\u00bf)?\s*\{\s*"(?:[^"\\]|\\.)*"\s*:/;

/** A record on its first line, or an object that goes on over lines: a field that is JSON has other fields behind it. */
const isJson = (start: string): boolean => {
  if (jsonList.test(start)) return true;
  if (!jsonObject.test(start)) return false;
  const [line = '', ...others] = start
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
    .split('\n');
  if (others.length === 0 && start.length === startBytes) return true;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return /^\{\s*$/.test(line);
  }
};

const textContent = (start: string): FileContent => (page.test(start) ? 'page' : isJson(start) ? 'json' : 'text');

/** What bytes are that a file, or what is packed in it, begins with. */
export const contentOfStart = (bytes: Buffer): FileContent => {
  if (bytes.length === 0) return 'empty';
  if (bytes.every((byte) => byte === 0)) return 'zeros';
  const start = bytes.toString('latin1');
  if (start.startsWith('PK') && start.includes('application/vnd.oasis.opendocument')) return 'opendocument';
  if (start.startsWith('ustar', 257)) return 'tar';
  const database = fileKind('', start);
  if (database === 'duckdb' || database === 'sqlite') return database;
  if (start.startsWith('PAR1')) return 'parquet';
  return signatures.find(({ text }) => start.startsWith(text))?.content ?? textContent(start);
};

/** Whether a container of Microsoft's holds an encrypted workbook: its list of streams says so. */
const holdsEncrypted = async (file: FileHandle, start: Buffer): Promise<boolean> => {
  if (start.length < 52) return false;
  const sector = 2 ** Math.min(Math.max(start.readUInt16LE(30), 9), 12);
  const list = await file.read(Buffer.alloc(sector), 0, sector, (start.readUInt32LE(48) + 1) * sector);
  return list.buffer.toString('utf16le').includes('EncryptedPackage');
};

/** Reads a file's first and last bytes, without waiting at a pipe that has taken its place since. */
export const fileContent = async (path: string): Promise<FileContent> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { size } = await file.stat();
    const first = await file.read(Buffer.alloc(startBytes), 0, startBytes, 0);
    const start = first.buffer.subarray(0, first.bytesRead);
    const content = contentOfStart(start);
    if (content === 'parquet') {
      const last = await file.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
      return size >= 12 && last.buffer.toString('latin1') === 'PAR1' ? 'parquet' : 'cut parquet';
    }
    return content === 'excel 97' && (await holdsEncrypted(file, start)) ? 'encrypted workbook' : content;
  } finally {
    await file.close();
  }
};

const databaseAdvice = (engine: 'duckdb' | 'sqlite', title: string, path: string): string =>
  `It is a ${title} database. Survey it as a source of its own: ${sourceAddresses[engine].schemes[0]}://${pathToFileURL(path).pathname}`;

/** Why a file is none that can be read here, and what to do, for a content that no ending makes readable. */
export const contentProblem = (content: FileContent, path: string): string | undefined => {
  switch (content) {
    case 'empty':
      return 'It is empty: it has no byte. Write it again, or remove it.';
    case 'pointer':
      return 'It is a pointer of Git LFS or git-annex, not the file itself. Fetch the file: git lfs pull, or git annex get.';
    case 'duckdb':
      return databaseAdvice('duckdb', 'DuckDB', path);
    case 'sqlite':
      return databaseAdvice('sqlite', 'SQLite', path);
    case 'cut parquet':
      return 'It begins as a Parquet file and does not end as one: it is cut short, or still being written. Copy it again.';
    case 'excel 97':
      return 'It is of Excel 97 to 2003 (.xls), or another document of that time. Save it as .xlsx.';
    case 'encrypted workbook':
      return 'It is a workbook that is encrypted with a password. Save it as .xlsx without one.';
    case 'opendocument':
      return 'It is an OpenDocument file, as .ods is. Save it as .xlsx.';
    case 'tar':
      return 'It is a tar archive. Unpack it.';
    case 'zeros':
      return 'It begins with zero bytes alone, as a file does that was never written to its end. Copy it again.';
    case 'other archive':
      return 'It is packed in a way that is not read. Unpack it, or pack it by gzip or Zstandard.';
    case 'other binary':
      return 'It is a binary file of another kind (Arrow, Avro, ORC, PDF, RTF or encrypted Parquet). Write it as Parquet or CSV.';
    case 'png':
    case 'jpeg':
    case 'gif':
    case 'tiff':
      return `It is a ${content.toUpperCase()} image, and no table. Remove it, or give it the name that its content has.`;
    case 'program':
      return 'It is a program, and no table. Remove it.';
    case 'page':
      return 'It is a page in HTML or XML, as servers send it in the place of a file, for a login or an error. Look at it, and fetch the file again.';
    case 'json':
    case 'parquet':
    case 'gzip':
    case 'zstd':
    case 'zip':
    case 'text':
      return undefined;
  }
};

/** How the reason begins where there is nothing more to say. */
export const noDataFile = 'By its name it is no data file';

/** Why a file whose name is that of no data file is left out, by what it is. */
export const whyNoData = async (path: string): Promise<string> => {
  const other = `${noDataFile}: those end in ${dataFileEndings}.`;
  if (/(?:^|\/)~\$[^/]*$/.test(path))
    return 'It is what Excel keeps beside a workbook that is open, and holds no cells. The workbook itself has the same name without ~$.';
  try {
    const content = await fileContent(path);
    if (content === 'parquet') return 'It is a Parquet file. Give it a name that ends in .parquet.';
    if (['empty', 'text', 'page', 'json'].includes(content)) return other;
    if (/\.xlsb$/i.test(path)) return 'It is a binary workbook (.xlsb). Save it as .xlsx.';
    if (content === 'zip') return 'It is a ZIP archive. Unpack it; a workbook needs a name that ends in .xlsx.';
    if (content === 'gzip' || content === 'zstd')
      return 'It is packed, and its name does not tell what is in it. Give it a name such as table.csv.gz, or unpack it.';
    return contentProblem(content, path) ?? other;
  } catch (error) {
    return `It cannot be opened: ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}.`;
  }
};
