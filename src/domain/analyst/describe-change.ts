import type { DriftChange } from '../../contracts/drift.ts';
import { formatMoment } from '../format.ts';

/** One measured difference as a sentence. */
export const describeChange = (change: DriftChange, hasSeveral: boolean): string => {
  const sentence = sentenceOf(change, hasSeveral);
  // Of a table that the survey before did not look at.
  return change.since === undefined ? sentence : `${sentence.slice(0, -1)} (since ${formatMoment(change.since.at)}).`;
};

const sentenceOf = (change: DriftChange, hasSeveral: boolean): string => {
  const table = hasSeveral ? `${change.source}: ${change.table}` : change.table;
  const where = change.column === undefined ? table : `${table}.${change.column}`;
  const noun = change.is_view === true ? 'view' : 'table';
  const step = `${change.before ?? '–'} → ${change.after ?? '–'}`;
  switch (change.kind) {
    case 'table_added':
      return `The ${noun} ${where} is new.`;
    case 'table_removed':
      return `The ${noun} ${where} is gone.`;
    case 'column_added':
      return `The column ${where} is new.`;
    case 'column_removed':
      return `The column ${where} is gone.`;
    case 'type_changed':
      return `The type of ${where} changed: ${step}.`;
    case 'rows_changed':
      return `The rows of ${where} changed: ${step}.`;
    case 'nulls_changed':
      return `The share of missing values of ${where} changed: ${step}.`;
    case 'mean_shifted':
      return `The average of ${where} moved: ${step}.`;
    case 'values_new':
      return `New frequent values of ${where}: ${change.after ?? '–'}.`;
  }
};
