import { Failure } from '../../../../src/contracts/failure.ts';
import type { StatementLimits } from '../../../../src/contracts/sandbox.ts';
import {
  endedByOther,
  endedLate,
  gaveWay,
  lockedByOther,
  lostConnection,
  wouldWrite,
} from '../server/statement-failure.ts';
import { isForeign, isLost, serverError, type ServerError } from './server-error.ts';

/** A statement as it was written, and as it was sent: with schemas before names, and a run's part of catalogs. */
export type SentStatement = { readonly written: string; readonly sent: string };

const schemaAhead = /"(?:[^"]|"")*"\./y;

/** What was written before a place in what was sent; undefined where more than schemas was put in before it. */
const writtenBefore = ({ written, sent }: SentStatement, place: number): string | undefined => {
  // The server counts characters, JavaScript halves of some.
  const end = Array.from(sent).slice(0, place).join('').length;
  let at = 0;
  for (let from = 0; from < end;) {
    schemaAhead.lastIndex = from;
    const [schema] = schemaAhead.exec(sent) ?? [];
    if (schema !== undefined && !written.startsWith(schema, at)) from += schema.length;
    else if (written[at] !== sent[from]) return undefined;
    else {
      at += 1;
      from += 1;
    }
  }
  return written.slice(0, at);
};

/** The line that an error is in, and a caret below the place. */
const placeOf = (statement: SentStatement, position: string | undefined): string | undefined => {
  const place = Number(position) - 1;
  const before = place >= 0 ? writtenBefore(statement, place) : undefined;
  if (before === undefined) return undefined;
  const start = before.lastIndexOf('\n') + 1;
  const line = statement.written.slice(start).split('\n', 1)[0] ?? '';
  const number = before.split('\n').length;
  const from = Math.max(0, before.length - start - 60);
  const label = `LINE ${number}: ${from > 0 ? '…' : ''}`;
  return `${label}${line.slice(from, from + 120)}\n${' '.repeat(label.length + before.length - start - from)}^`;
};

const textOf = ({ message, detail, hint }: ServerError): string =>
  [message, detail && `DETAIL: ${detail}`, hint && `HINT: ${hint}`].filter(Boolean).join('\n');

/** What would let the role, where the server's words tell; they are those of its own language. */
const grantFor = ({ message }: ServerError): string => {
  const [, kind] = /^permission denied for (\w+)/.exec(message) ?? [];
  switch (kind) {
    case 'table':
    case 'view':
    case 'relation':
      return '\nThe role of this connection may not read it: a GRANT SELECT would let it.';
    case 'schema':
      return '\nThe role of this connection may not look into it: a GRANT USAGE would let it.';
    case 'function':
      return '\nThe role of this connection may not call it, which a view may do: a GRANT EXECUTE would let it.';
    default:
      return '';
  }
};

const encodingAdvice =
  'Some bytes of it are no text in the encoding that the database says it has (SHOW server_encoding), so nothing tells what they mean. Other columns can be read.';

const standbyAdvice = ({ message }: ServerError): string =>
  /recovery/.test(message)
    ? '. It is a standby: a larger max_standby_streaming_delay, or hot_standby_feedback, lets statements end there'
    : '';

/** Why a statement failed. `interrupted` tells whether it was asked to end. */
export const statementFailure = (
  thrown: unknown,
  statement: SentStatement,
  limits: StatementLimits,
  interrupted: boolean,
): Failure => {
  if (thrown instanceof Failure) return thrown;
  const error = serverError(thrown);
  // serialization_failure, of a standby that replays what its primary did, and ends the session too; deadlock_detected
  if (!interrupted && (error.code === '40001' || error.code === '40P01'))
    return gaveWay(`${error.message}${standbyAdvice(error)}`);
  if (isLost(error)) return interrupted ? endedLate(limits) : lostConnection(error.message);
  if (isForeign(error)) {
    return new Failure(
      'STATEMENT_FAILED',
      `The foreign server that this table is read from did not do its part: ${textOf(error)}\nThe database itself is well: mend the foreign server or its options there, or leave the table out.`,
    );
  }
  switch (error.code) {
    case '57014':
      return interrupted || /statement timeout/.test(error.message) ? endedLate(limits) : endedByOther(error.message);
    case '55P03':
      return lockedByOther(error.message);
    case '25006':
      return wouldWrite(error.message);
    case '42501':
      return new Failure('STATEMENT_FAILED', `${textOf(error)}${grantFor(error)}`);
    // character_not_in_repertoire, untranslatable_character
    case '22021':
    case '22P05':
      return new Failure('STATEMENT_FAILED', `${textOf(error)}\n${encodingAdvice}`);
    default:
      if (error.message.includes('multiple commands')) {
        return new Failure('STATEMENT_REFUSED', 'Rule "one statement": there are several here. Send one at a time.');
      }
      return new Failure('STATEMENT_FAILED', textOf(error), {
        excerpt: placeOf(statement, error.position),
        // undefined_table
        advice: error.code === '42P01' ? { kind: 'look_for_table' } : undefined,
      });
  }
};
