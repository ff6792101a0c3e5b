import { evidenceLink } from './evidence-link.ts';
import { toText } from './html.ts';

/**
 * Turns the evidence ids in a sanitized text into links to the evidence that is there, and takes the link from those
 * that are not. The text is clean: `<` occurs only where a tag begins, and tags are balanced.
 */
export const linkEvidence = (clean: string, known: ReadonlySet<string>): string => {
  const ends: string[] = [];
  return clean.replace(/<[^>]*>|[^<]+/g, (part) => {
    if (/^<a[ >]/.test(part)) {
      const target = /href="#([^"]*)"/.exec(part)?.[1] ?? '';
      const [start, end] = known.has(target) ? [part, '</a>'] : [missing, '</span>'];
      ends.push(end);
      return start;
    }
    if (part === '</a>') return ends.pop() ?? '';
    if (part.startsWith('<') || ends.length > 0) return part;
    return part.replace(/\be[0-9a-f]{6,64}\b/g, (id) => (known.has(id) ? toText(evidenceLink(id)) : id));
  });
};

const missing = '<span class="missing-evidence" title="This evidence is not in the list below">';
