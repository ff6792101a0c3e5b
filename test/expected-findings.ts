import type { Place } from '../src/contracts/finding.ts';
import { findingKey } from '../src/domain/finding/finding-key.ts';
import { type FlawedDataset, flawsOf } from './planted-flaws.ts';

/** A finding that is to be found, as its key and its rows. */
export type ExpectedFinding = { readonly key: string; readonly rows: number };

/** The finding that tells of each planted flaw. */
export const expectedOf = (dataset: FlawedDataset, source: string = dataset): readonly ExpectedFinding[] =>
  flawsOf(dataset).map(({ table, rows, found: { rule, rows: others, ...place } }) => ({
    key: findingKey(rule, { source, table, ...place }),
    rows: others ?? rows,
  }));

type Consequence = Omit<Place, 'source'> & { readonly rule: string; readonly rows: number; readonly why: string };

/** What is true beside, because of a planted flaw or of how a dataset is made. */
const consequences: Readonly<Record<FlawedDataset, readonly Consequence[]>> = {
  ecommerce: [],
  support: [
    {
      rule: 'reversed-times',
      table: 'tickets',
      columns: ['resolved_at', 'first_reply_at'],
      rows: 52,
      why: 'What was closed too early was closed before it was answered, too.',
    },
    {
      rule: 'reversed-times',
      table: 'tickets',
      columns: ['first_reply_at', 'created_at'],
      rows: 4,
      why: 'What was opened in the future was answered before.',
    },
    {
      rule: 'personal-data',
      table: 'tickets',
      columns: ['assignee'],
      part: 'name of a person',
      rows: 6_214,
      why: 'Those who work on tickets are people, too.',
    },
  ],
  sensors: [
    {
      rule: 'reversed-times',
      table: 'readings',
      columns: ['received_at', 'measured_at'],
      rows: 12,
      why: 'What was measured in the future was received before.',
    },
  ],
};

/** All that the rules find in a dataset, and nothing else: the planted flaws and what follows from them. */
export const allExpectedOf = (dataset: FlawedDataset, source: string = dataset): readonly ExpectedFinding[] =>
  inOrder([
    ...expectedOf(dataset, source),
    ...consequences[dataset].map(({ rule, rows, table, columns, part }) => ({
      key: findingKey(rule, { source, table, columns, ...(part === undefined ? {} : { part }) }),
      rows,
    })),
  ]);

/** Findings by their keys, to be compared. */
export const inOrder = (findings: readonly ExpectedFinding[]): readonly ExpectedFinding[] =>
  findings.toSorted((a, b) => (a.key < b.key ? -1 : 1));
