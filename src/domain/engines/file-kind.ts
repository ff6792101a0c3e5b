import { SourceKind } from '../../contracts/engine.ts';
import { sourceAddresses } from './registry.ts';

/** How many of a file's first bytes tell what it is. */
export const tellingBytes = 16;

const kinds = SourceKind.options.map((kind) => ({ kind, ...sourceAddresses[kind] }));

/**
 * What a file is: by `start`, its first bytes in Latin-1, where they are known, else by its name, so that a damaged database
 * is told to be one. A file of another kind is data, or none.
 */
export const fileKind = (path: string, start = ''): SourceKind => {
  const bySignature = kinds.find(({ signature }) => signature && start.startsWith(signature.text, signature.at));
  const [, ending = ''] = /\.([^./]+)$/.exec(path.toLowerCase()) ?? [];
  return (bySignature ?? kinds.find(({ endings }) => endings.includes(ending)))?.kind ?? 'files';
};
