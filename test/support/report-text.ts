/**
 * The plain text of a report's HTML body: a line per paragraph, list item or table row, each behind the headings that
 * it stands under, so that a line tells by itself what it is about.
 */
export const reportText = (bodyHtml: string): string => {
  const headings: string[] = [];
  return bodyHtml
    .replaceAll(/\s+/g, ' ')
    .split(/(?=<(?:h[1-6]|p|li|tr|pre)\b)|(?<=<\/h[1-6]>)/)
    .flatMap((block) => {
      const text = plain(block);
      const [, level] = /^<h([1-6])/.exec(block) ?? [];
      if (level === undefined) return text === '' ? [] : [[...headings.filter(Boolean), text].join(' › ')];
      headings.length = Number(level) - 1;
      headings.push(text);
      return [];
    })
    .join('\n');
};

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };

const plain = (html: string): string =>
  html
    .replaceAll(/<\/?(?:td|th|br|div|table|thead|tbody|ul|ol)\b[^>]*>/g, ' ')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(#?\w+);/g, (entity, name: string) => entities[name] ?? entity)
    .replaceAll(/\s+/g, ' ')
    .trim();
