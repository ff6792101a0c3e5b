import { Failure } from '../../../src/contracts/failure.ts';
import type { ResultTable } from '../../../src/contracts/sandbox.ts';
import type { OutsideOf } from './outside-of.ts';

/**
 * What a server says, without values and names in quotes and without numbers. From the first quote to the last: a value may hold
 * quotes too.
 */
const withoutValues = (text: string): string =>
  text.replace(/["'`].*["'`]/s, '…').replaceAll(/(?<![\w(])-?\d[\d.]*(?:e[+-]?\d+)?(?!\w)|(?<=\()-?\d[\d.]*/gi, '…');

const withheld =
  'The statement reads a view, whose rows and columns may come of tables outside this run: the words of the server are shown without values and names.';

/** Errors of the statement’s own words, before any row is read. */
const ofWords =
  /^(?:Parser|Binder|Catalog|Syntax) Error|\(ER_(?:PARSE_ERROR|BAD_FIELD_ERROR|NO_SUCH_TABLE|NON_UNIQ_ERROR|WRONG_FIELD_WITH_GROUP|SP_DOES_NOT_EXIST|WRONG_ARGUMENTS|WRONG_PARAMCOUNT_TO_NATIVE_FCT)\)$/;

/**
 * Runs a statement of a run of some tables. Where it reads a view, what fails may be a value of a table that is not the run's: then
 * neither errors nor warnings say which.
 */
export const withholdValues = async (
  sql: string,
  outside: OutsideOf | undefined,
  run: () => Promise<ResultTable>,
): Promise<ResultTable> => {
  const folded = sql.toLowerCase();
  if (outside?.views.some(({ table }) => folded.includes(table.toLowerCase())) !== true) return run();
  try {
    const result = await run();
    return result.incomplete === undefined
      ? result
      : { ...result, incomplete: result.incomplete.map(warningWithoutValues) };
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'STATEMENT_FAILED' || ofWords.test(error.message)) throw error;
    throw new Failure('STATEMENT_FAILED', `${withoutValues(error.message)}\n${withheld}`);
  }
};

/** A warning keeps the number of its kind, which stands in brackets. */
const warningWithoutValues = (reason: string): string => {
  const [kind = ''] = /^The server warned \(\d+\): /.exec(reason) ?? [];
  return kind + withoutValues(reason.slice(kind.length));
};
