/** The fields of a value, none where it is no object. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/** The value that a text is JSON of; undefined where it is not: a plain cause, or one that was cut. */
export const parseJson = (text: unknown): unknown => {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A text field, or nothing. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
