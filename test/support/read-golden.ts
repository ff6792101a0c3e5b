import { readFileSync, writeFileSync } from 'node:fs';

/** The text of a golden file. After a wanted change of `text`: UPDATE_GOLDEN=1 writes it; then read the difference. */
export const readGolden = (file: string | URL, text: string): string => {
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  return readFileSync(file, 'utf8');
};
