import type { TableNote } from '../../../../../../src/contracts/schema.ts';
import { quoteName } from '../../../../../../src/domain/sql-name.ts';
import type { ColumnForm } from './decide-forms.ts';

/** Columns of texts as the select list that gives them their names and types. */
export const typedColumns = (
  texts: readonly string[],
  columns: readonly string[],
  forms: readonly ColumnForm[],
): readonly string[] =>
  texts.map((text, index) => {
    const form = forms[index]?.form;
    return `${form && !form.kept ? form.read(text) : text} AS ${quoteName(columns[index] ?? text)}`;
  });

/** What has to be known of readings that are not the only ones, a note for each reading. */
export const formNotes = (columns: readonly string[], forms: readonly ColumnForm[]): readonly TableNote[] => {
  const readings = new Map<string, { kind: TableNote['kind']; columns: string[] }>();
  for (const [index, { form, undecided }] of forms.entries()) {
    const column = columns[index] ?? '';
    const [detail, kind] = undecided
      ? [
          !/^(?:DATE|TIMESTAMP)$/.test(undecided[0].type)
            ? `may be numbers with a decimal ${undecided[0].comma ? 'comma' : 'point'}, or whole ones with ${undecided[0].comma ? 'commas' : 'points'} between thousands: no value tells. The texts were kept`
            : 'may have the day or the month first: no value is above 12 in one of them alone. The texts were kept',
          'assumed' as const,
        ]
      : [form?.detail, form?.kept ? ('assumed' as const) : ('read_as' as const)];
    if (detail === undefined) continue;
    const same = readings.get(detail) ?? { kind, columns: [] };
    same.columns.push(column);
    readings.set(detail, same);
  }
  return [...readings].map(([detail, reading]) => ({
    ...reading,
    detail: `${reading.columns.slice(0, 5).join(', ')}${reading.columns.length > 5 ? '…' : ''} ${reading.columns.length > 1 ? detail.replace(/^was /, 'were ').replace(/^looks /, 'look ') : detail}.`,
  }));
};
