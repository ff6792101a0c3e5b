import type { SheetRegion } from './sheet-region.ts';
import type { Sheet } from './workbook.ts';
import { attribute, xmlElements } from './xml-elements.ts';
import type { ZipArchive } from './zip-archive.ts';

/** The merged cells of a table that go over several of its rows: a program sees the value in the first of them alone. */
export const mergedRanges = async (
  archive: ZipArchive,
  sheet: Sheet,
  { headerRow, lastRow }: SheetRegion,
): Promise<number> => {
  let count = 0;
  for await (const { attributes } of xmlElements(archive.text(sheet.entry), 'mergeCell')) {
    const [, from, to] = /^[A-Z]+(\d+):[A-Z]+(\d+)$/.exec(attribute(attributes, 'ref') ?? '') ?? [];
    if (Number(from) > headerRow && Number(from) <= lastRow && Number(to) > Number(from)) count += 1;
  }
  return count;
};
