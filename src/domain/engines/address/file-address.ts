import type { FileTarget, TargetOf } from '../../../contracts/sandbox.ts';
import { decodePercent, type Invalid } from './decode-percent.ts';
import type { SourceAddress } from './source-address.ts';

/** How a kind of file is named: its scheme, and what its files end in and hold. */
type FileNames = { readonly scheme: string } & Pick<SourceAddress<'files'>, 'endings' | 'signature'>;

/** The address of a kind of source that is a path on the machine of the sandbox. */
export const fileAddress = <K extends FileTarget['engine']>(
  engine: K,
  { scheme, ...names }: FileNames,
): SourceAddress<K> => ({
  schemes: [scheme],
  nicknames: [],
  ...names,
  hasCredentials: false,
  // The compiler does not see through the condition that TargetOf is made by.
  parse: (rest, invalid) => ({ engine, path: pathOf(rest, invalid) }) as TargetOf<K>,
  label: ({ path }) => `${scheme}://${path}`,
});

const pathOf = (rest: string, invalid: Invalid): string => {
  if (/[?#]/.test(rest))
    throw invalid('has options after "?" or "#", and none are known; write these characters in a path as %3F and %23');
  return checkedPath(decodePercent(rest, 'path', invalid), invalid);
};

/** A path that is absolute and means one file, without what ends it in vain. */
export const checkedPath = (path: string, invalid: Invalid): string => {
  if (!path.startsWith('/')) throw invalid('does not name an absolute path: it must start with "/"');
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path)) throw invalid('has a control character in its path');
  if (path.split('/').includes('..')) throw invalid('has ".." in its path; write the path out');
  return path.length > 1 ? path.replace(/\/+$/, '') || '/' : path;
};
