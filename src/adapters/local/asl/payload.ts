import { StatesError } from './states-error.ts';

/** The most bytes of JSON that a state may take or give: 256 KiB, as Step Functions caps it. */
const PAYLOAD_LIMIT = 262_144;

/** A JSON value with its text: the text goes into the history, the value into expressions. */
export type Payload = { readonly value: unknown; readonly json: string };

/** Whether a text is over the limit. A character is at most three bytes in UTF-8, so short texts need no count. */
export const isTooLarge = (json: string): boolean =>
  json.length * 3 > PAYLOAD_LIMIT && Buffer.byteLength(json) > PAYLOAD_LIMIT;

/** A value as what JSON keeps of it; `undefined` becomes `null`. Shares nothing with the value it was made from. */
export const toPayload = (value: unknown): Payload => {
  const json = JSON.stringify(value) ?? 'null';
  return { value: JSON.parse(json), json };
};

/** The payload, if it is within the limit. Fails with States.DataLimitExceeded. */
export const withinLimit = (payload: Payload, name: string): Payload => {
  if (!isTooLarge(payload.json)) return payload;
  throw new StatesError(
    'States.DataLimitExceeded',
    `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
};
