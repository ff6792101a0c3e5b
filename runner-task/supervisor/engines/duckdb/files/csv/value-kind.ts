/** What a text looks like, as far as it tells a line of names from a row. */
export type ValueKind = 'empty' | 'number' | 'time' | 'boolean' | 'text';

const number = /^[-+(]?[$€£]?\d[\d.,]*(?:[eE][-+]?\d+)?[%)]?$/;
const time = /^(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d.*)?|\d{1,2}:\d\d(?::\d\d.*)?)$/;
const boolean = /^(?:true|false)$/i;

/** What a value looks like. */
export const valueKind = (value: string): ValueKind => {
  const text = value.trim();
  if (text === '') return 'empty';
  if (time.test(text)) return 'time';
  if (number.test(text)) return 'number';
  return boolean.test(text) ? 'boolean' : 'text';
};
