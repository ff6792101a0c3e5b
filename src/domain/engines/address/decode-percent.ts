import type { Failure } from '../../../contracts/failure.ts';

/** A failure about a connection string, from what is wrong with it: a verb and what follows, without the string. `options` where it is about what follows the `?`. */
export type Invalid = (problem: string, part?: 'options') => Failure;

/** A part of a connection string with its %XX read as what they stand for. `part` is what it is called. */
export const decodePercent = (text: string, part: string, invalid: Invalid): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(`has a "%" in its ${part} that is not the start of a percent-encoded character; write % as %25`);
  }
};
