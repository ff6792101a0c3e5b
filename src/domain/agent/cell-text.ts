import type { CellResult, RichOutput } from '../../contracts/sandbox.ts';
import { outputLimit } from './result-text.ts';
import { truncateMiddle } from './truncate.ts';

/** More is told by their number. */
const maxCitedStatements = 50;

/** The statements that a cell sent, whatever its code says it sent: a `db.query` that was replaced shows up as none. */
type SentStatements = { readonly statements: number; readonly statement_evidence: readonly string[] };

/** What a code cell did, as a model reads it: evidence ids, printed text, outputs, value, error, and whether state was lost. */
export const cellToText = (cell: CellResult, evidenceId: string, sent: SentStatements): string => {
  const { stdout, outputs, result, error } = cell;
  const parts = [
    `evidence ${evidenceId}`,
    sentToText(sent),
    ...(stdout === '' ? [] : [`stdout:\n${truncateMiddle(stdout, outputLimit)}`]),
    ...(cell.stdout_truncated ? ['[Cut: the cell printed more than the sandbox keeps.]'] : []),
    ...outputs.map(outputToText),
    ...(result === undefined ? [] : [`result:\n${truncateMiddle(result, outputLimit / 2)}`]),
    ...(error === undefined
      ? []
      : [
          `error (${error.kind}):\n${truncateMiddle(error.traceback || `${error.name}: ${error.message}`, outputLimit / 4)}`,
        ]),
    ...(cell.state_lost
      ? ['The Python process had to be ended: all variables are gone, and the next cell starts afresh.']
      : []),
  ];
  return parts.length === 2
    ? `${parts.join('\n')}\n(nothing was printed, and the last line was no expression)`
    : parts.join('\n');
};

const sentToText = ({ statements, statement_evidence }: SentStatements): string => {
  const cited = statement_evidence.slice(0, maxCitedStatements);
  const which = cited.length < statement_evidence.length ? `evidence of the first ${cited.length}` : 'evidence';
  return [
    `statements sent from it: ${statements}`,
    ...(cited.length === 0 ? [] : [`${which} ${cited.join(' ')}`]),
  ].join(', ');
};

const outputToText = (output: RichOutput): string => {
  switch (output.mime) {
    case 'text/plain':
    case 'application/json':
      return `output:\n${truncateMiddle(output.data, outputLimit / 2)}`;
    case 'text/html':
    case 'image/png':
    case 'image/svg+xml':
      return `[An output of type ${output.mime}, ${output.data.length} characters, is not shown.]`;
  }
};
