import { FileProblem } from '../file-loader.ts';
import { attribute, decodeXml, elementsOf, wholeText, xmlElements } from './xml-elements.ts';
import type { ZipArchive } from './zip-archive.ts';

/** A sheet of cells, by where it lies in the archive. */
export type Sheet = { readonly name: string; readonly entry: string; readonly hidden: boolean };

/** What the sheets of a workbook share. */
export type Workbook = {
  readonly sheets: readonly Sheet[];
  /** Charts and macros, which have no cells. */
  readonly others: readonly string[];
  /** Texts that cells name by number. */
  readonly texts: readonly string[];
  /** By the number of a style: whether it shows a number as a day, a time or both. */
  readonly dates: readonly boolean[];
  /** Days are counted from 1904, as Excel on a Mac once did. */
  readonly from1904: boolean;
};

const maxTexts = 10_000_000;

/** The text of an element that is written in runs of several looks; how it is pronounced is not of it. */
export const richText = (content: string): string =>
  elementsOf(content.replace(/<(\w*:?)rPh\b[\s\S]*?<\/\1rPh>/g, ''), 't')
    .map((run) => decodeXml(run.content))
    .join('')
    // Characters that XML cannot hold are written so.
    .replace(/_x([0-9a-f]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** Excel's own formats that show days or times. Those of hours beyond a day (46) are durations, and stay numbers. */
const isOwnDate = (format: number): boolean =>
  (format >= 14 && format <= 22) ||
  (format >= 27 && format <= 36) ||
  format === 45 ||
  format === 47 ||
  (format >= 50 && format <= 58);

/** Whether a format shows days or times: it has their letters, beside texts, colours and conditions. */
export const isDateFormat = (code: string): boolean => {
  const plain = code.replace(/"[^"]*"|\\.|_.|\*./g, '').split(';')[0] ?? '';
  if (/\[(?:h+|m+|s+)\]/i.test(plain)) return false;
  return /[dmyhs]/i.test(
    plain
      .replace(/\[[^\]]*\]/g, '')
      .replace(/general/gi, '')
      .replace(/am\/pm|a\/p/gi, 'h'),
  );
};

const readDates = async (archive: ZipArchive): Promise<readonly boolean[]> => {
  const text = await wholeText(archive.text('xl/styles.xml'));
  const own = new Map(
    elementsOf(text, 'numFmt').map(({ attributes }) => [
      attribute(attributes, 'numFmtId'),
      attribute(attributes, 'formatCode') ?? '',
    ]),
  );
  const [cells] = elementsOf(text, 'cellXfs');
  return elementsOf(cells?.content ?? '', 'xf').map(({ attributes }) => {
    const format = attribute(attributes, 'numFmtId');
    const code = own.get(format);
    return code === undefined ? isOwnDate(Number(format ?? 0)) : isDateFormat(code);
  });
};

const readTexts = async (archive: ZipArchive): Promise<readonly string[]> => {
  const texts: string[] = [];
  for await (const { content } of xmlElements(archive.text('xl/sharedStrings.xml'), 'si')) {
    texts.push(richText(content));
    if (texts.length > maxTexts) throw new FileProblem(`It has more than ${maxTexts} texts. Save its sheets as CSV.`);
  }
  return texts;
};

/** Reads what the sheets of a workbook share. Fails with a FileProblem where an archive is none. */
export const readWorkbook = async (archive: ZipArchive): Promise<Workbook> => {
  if (!archive.has('xl/workbook.xml')) {
    const binary = archive.has('xl/workbook.bin');
    throw new FileProblem(
      binary
        ? 'It is a binary workbook (.xlsb). Save it as .xlsx.'
        : 'It is an archive, but no workbook. Save it again as .xlsx.',
    );
  }
  const book = await wholeText(archive.text('xl/workbook.xml'));
  const links = new Map(
    elementsOf(await wholeText(archive.text('xl/_rels/workbook.xml.rels')), 'Relationship').map(({ attributes }) => [
      attribute(attributes, 'Id'),
      { target: attribute(attributes, 'Target') ?? '', type: attribute(attributes, 'Type') ?? '' },
    ]),
  );
  const listed = elementsOf(book, 'sheet').map(({ attributes }) => {
    const id = attribute(attributes, '[\\w-]+:id');
    const link = links.get(id);
    return {
      name: attribute(attributes, 'name') ?? '',
      hidden: (attribute(attributes, 'state') ?? 'visible') !== 'visible',
      isSheet: link?.type.endsWith('/worksheet') ?? false,
      entry: link === undefined ? '' : link.target.startsWith('/') ? link.target.slice(1) : `xl/${link.target}`,
    };
  });
  const [settings] = elementsOf(book, 'workbookPr');
  return {
    sheets: listed.filter(({ isSheet }) => isSheet),
    others: listed.filter(({ isSheet }) => !isSheet).map(({ name }) => name),
    texts: await readTexts(archive),
    dates: await readDates(archive),
    from1904: /^(1|true)$/.test(attribute(settings?.attributes ?? '', 'date1904') ?? ''),
  };
};
