import type { FailureReport } from '../../contracts/common.ts';
import { fieldsOf, parseJson, textOf } from './json-fields.ts';

/**
 * The failure behind an error and a cause of Step Functions. A Lambda's cause is JSON with `errorMessage`; that of an
 * execution started by a state is JSON with the inner `Error` and `Cause`. Of a cause that was cut, what is left is told.
 */
export const readFailure = (error: string, cause: string): FailureReport => {
  const inner = fieldsOf(parseJson(cause));
  if (typeof inner['Error'] === 'string')
    return readFailure(inner['Error'], typeof inner['Cause'] === 'string' ? inner['Cause'] : '');
  if (typeof inner['errorMessage'] === 'string') return { kind: error, message: inner['errorMessage'] };
  const [, beginning] = /^\{.*?"errorMessage":"((?:[^"\\]|\\.)*)/.exec(cause) ?? [];
  if (beginning !== undefined) {
    const whole = beginning.replace(/\\u[0-9a-f]{0,3}$/i, '');
    return { kind: error, message: `${textOf(parseJson(`"${whole}"`))}…` };
  }
  // The engine says nothing more of a timeout than its name.
  const message = cause === '' && error === 'States.Timeout' ? 'It took longer than it may, and was stopped.' : cause;
  return { kind: error, message };
};
