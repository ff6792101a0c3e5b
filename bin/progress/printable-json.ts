/** What a terminal may act on and JSON leaves as it is: the second set of control characters, and what turns the direction of text. */
const acting = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

const escaped = (letter: string): string =>
  Array.from({ length: letter.length }, (_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
    '',
  );

/** Data as JSON that may go to a terminal: read again it is the same. */
export const printableJson = (data: unknown, indent?: number): string =>
  JSON.stringify(data, undefined, indent).replace(acting, escaped);
