import type { DuckDBConnection } from '@duckdb/node-api';
import { groupedWhole, numberForms } from './number-forms.ts';
import { hasForm, textForms, type TextForm } from './text-form.ts';

/** What a column becomes: values of one form, or the texts that it holds. */
export type ColumnForm = {
  readonly form?: TextForm;
  /** Two forms fit that give other values. */
  readonly undecided?: readonly [TextForm, TextForm | undefined];
};

/** Rows by which most forms are struck out before all rows are looked at. */
const firstRows = 200;

/** Columns that one statement looks at. */
const columnsAtOnce = 20;

type Candidates = { readonly column: string; readonly forms: readonly TextForm[] };

const keepFitting = async (
  connection: DuckDBConnection,
  from: string,
  candidates: readonly Candidates[],
): Promise<readonly Candidates[]> => {
  // DuckDB takes far more than twice as long to prepare a statement of twice as many expressions.
  if (candidates.length > columnsAtOnce)
    return [
      ...(await keepFitting(connection, from, candidates.slice(0, columnsAtOnce))),
      ...(await keepFitting(connection, from, candidates.slice(columnsAtOnce))),
    ];
  const tests = candidates.flatMap(({ column, forms }) =>
    forms.map((form) => `coalesce(bool_and(${column} IS NULL OR coalesce(${hasForm(column, form)}, false)), true)`),
  );
  if (tests.length === 0) return candidates;
  const [fits = []] = (await connection.runAndReadAll(`SELECT ${tests.join(', ')} FROM ${from}`)).getRowsJS();
  let at = 0;
  return candidates.map(({ column, forms }) => ({
    column,
    forms: forms.filter(() => {
      at += 1;
      return fits[at - 1] === true;
    }),
  }));
};

const choose = (forms: readonly TextForm[]): ColumnForm => {
  const [form] = forms;
  // Numbers in the plain notation that no type writes back are texts like others.
  if (form?.kept && form.detail === undefined) return {};
  if (form?.rival === undefined) return form ? { form } : {};
  const rival = forms.find(({ name }) => name !== undefined && name === form.rival);
  return rival || form.rival === 'thousands' ? { undecided: [form, rival] } : { form };
};

/**
 * The first form of each column that all of its texts have, to the letter. `firstValues` are the first texts
 * of the columns, in the order of the rows; a column without any stays a text.
 */
export const decideForms = async (
  connection: DuckDBConnection,
  from: string,
  columns: readonly string[],
  firstValues: readonly (string | undefined)[],
): Promise<readonly ColumnForm[]> => {
  const fit = async (all: readonly Candidates[]): Promise<readonly Candidates[]> =>
    keepFitting(connection, from, await keepFitting(connection, `(FROM ${from} LIMIT ${firstRows})`, all));
  const candidatesOf = (formsOf: (first: string) => readonly TextForm[]): readonly Candidates[] =>
    columns.map((column, index) => {
      const first = firstValues[index];
      return { column, forms: first === undefined ? [] : formsOf(first) };
    });
  const plain = await fit(candidatesOf(textForms));
  // Most columns have a plain form, so that the others cost them nothing.
  const others = candidatesOf(numberForms).filter((_, index) => plain[index]?.forms.length === 0);
  const numbers = new Map((await fit(others)).map(({ column, forms }) => [column, forms]));
  const chosen = plain.map(({ column, forms }) => choose(forms.length > 0 ? forms : (numbers.get(column) ?? [])));
  return chosen.some(({ form }) => form?.comma) ? doubtPoints(connection, from, columns, chosen) : chosen;
};

/** Beside columns that have a decimal comma, 1.234 may be more than a thousand. */
const doubtPoints = async (
  connection: DuckDBConnection,
  from: string,
  columns: readonly string[],
  chosen: readonly ColumnForm[],
): Promise<readonly ColumnForm[]> => {
  const grouped = groupedWhole('.');
  const isPoint = ({ form }: ColumnForm): boolean => /^(?:DECIMAL|DOUBLE)/.test(form?.type ?? '') && !form?.comma;
  const fitting = await keepFitting(
    connection,
    from,
    columns.map((column, index) => ({ column, forms: isPoint(chosen[index] ?? {}) ? [grouped] : [] })),
  );
  return chosen.map((one, index) =>
    one.form !== undefined && (fitting[index]?.forms.length ?? 0) > 0 ? { undecided: [one.form, grouped] } : one,
  );
};
