import type { Evidence } from '../../contracts/evidence.ts';
import { maskOf, type PersonalColumns } from './personal-columns.ts';
import type { MeasuredTable, PersonalValues } from './personal-values.ts';

/** What tells which cells of a piece of evidence are values of which columns. */
export type EvidenceMasks = {
  readonly personal: PersonalColumns;
  readonly values: PersonalValues;
  /** The tables of the run’s profile with their sources, by the evidence of their figures. */
  readonly measured: ReadonlyMap<string, MeasuredTable>;
};

/** Evidence of which the shown beginning, and what an agent wrote, hold no values of columns with personal data. */
export const maskEvidence = (evidence: Evidence, masks: EvidenceMasks): Evidence => ({
  ...evidence,
  ...(evidence.agent === undefined ? {} : { text: masks.values.text(evidence.text) }),
  preview:
    evidence.kind === 'sql' && evidence.verdict === 'ran'
      ? maskRows(evidence, masks)
      : masks.values.text(evidence.preview),
  ...(evidence.failure === undefined
    ? {}
    : { failure: { ...evidence.failure, message: masks.values.text(evidence.failure.message) } }),
});

const between = ' | ';

/** A result as it is shown: a line of names, then a line a row. A value may hold line feeds and what stands between cells. */
const maskRows = (
  { evidence_id, source, preview }: Evidence,
  { personal, values, measured }: EvidenceMasks,
): string => {
  const [header = '', ...lines] = preview.split('\n');
  const figuresOf = measured.get(evidence_id);
  const kinds = header.split(between).map((name) => personal.kindOfName(source, name));
  const hasPersonal = kinds.some((kind) => kind !== undefined);
  const maskLine = (line: string): string => {
    const cells = line.split(between);
    const figure = figuresOf && figureKind(cells[0] ?? '', figuresOf, personal);
    if (figure !== undefined)
      return [cells[0], maskOf(figure), ...(cells.length > 2 ? cells.slice(-1) : [])].join(between);
    if (hasPersonal && cells.length !== kinds.length) return line.startsWith('… ') ? line : maskOf('personal data');
    return cells
      .map((cell, index) => {
        const kind = kinds[index];
        return kind === undefined || cell === 'NULL' ? values.cell(cell) : maskOf(kind);
      })
      .join(between);
  };
  return [header, ...lines.map(maskLine)].join('\n');
};

/** Figures of a column that are values of it, by the names that the statements of the profile give them. */
const valueFigure =
  /^c(\d+)_(?:min|max|top|p\d\d|low|high|low_fence|high_fence|mean|newest_epoch|least|greatest|wide_rank|wide_origin|wide_mean)$/;

const figureKind = (name: string, { source, table }: MeasuredTable, personal: PersonalColumns): string | undefined => {
  const [, index] = valueFigure.exec(name) ?? [];
  const column = index === undefined ? undefined : table.schema.columns[Number(index)];
  return column && personal.kindOf(source, table.table, column.name);
};
