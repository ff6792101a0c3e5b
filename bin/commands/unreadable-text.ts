import { printable } from '../progress/fit-text.ts';

/** The line below a page that names what is left out of it, since it cannot be read; none where nothing is. */
export const unreadableText = (unreadable: readonly string[] = []): readonly string[] =>
  unreadable.length === 0
    ? []
    : [
        `${unreadable.length} stored and not readable by this version, or damaged: ${unreadable.map(printable).join(', ')}`,
      ];
