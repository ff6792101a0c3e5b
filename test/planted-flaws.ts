import type { PlantedFlaw } from '../src/domain/datasets/planted-flaw.ts';
import { plantedFlaws as ofEcommerce } from '../src/domain/datasets/ecommerce/planted-flaws.ts';
import { plantedFlaws as ofSensors } from '../src/domain/datasets/sensors/planted-flaws.ts';
import { plantedFlaws as ofSupport } from '../src/domain/datasets/support/planted-flaws.ts';

const flaws = { ecommerce: ofEcommerce, support: ofSupport, sensors: ofSensors } as const;

/** The name of a dataset that has planted flaws. */
export type FlawedDataset = keyof typeof flaws;

/** The datasets that have planted flaws. */
export const flawedDatasets = Object.keys(flaws) as readonly FlawedDataset[];

/** Every flaw that the generator of a dataset plants. */
export const flawsOf = (dataset: FlawedDataset): readonly PlantedFlaw[] => flaws[dataset];

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

/** Whether one line of a report's text says of the flaw: its table, its columns, how many rows, and what is wrong. */
export const foundIn = (flaw: PlantedFlaw, text: string): boolean => {
  const wanted = [
    ...[flaw.table, ...flaw.columns].map((name) => new RegExp(`\\b${name}\\b`, 'i')),
    ...flaw.said.map(({ source }) => new RegExp(source, 'i')),
    ...(flaw.rows_unsaid === true ? [] : [numberPattern(flaw.rows)]),
  ];
  return text.split('\n').some((line) => wanted.every((pattern) => pattern.test(line)));
};

/** A whole number by itself, with or without commas: not a part of another number, of a date or of a word. */
const numberPattern = (value: number): RegExp =>
  new RegExp(`(?<![\\w.,:−-])(${value}|${value.toLocaleString('en-US')})(?![\\w:%-]|[.,]\\d)`);

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };

const plain = (html: string): string =>
  html
    .replaceAll(/<\/?(?:td|th|br|div|table|thead|tbody|ul|ol)\b[^>]*>/g, ' ')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(#?\w+);/g, (entity, name: string) => entities[name] ?? entity)
    .replaceAll(/\s+/g, ' ')
    .trim();
