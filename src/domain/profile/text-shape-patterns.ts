import type { TextShapes } from '../../contracts/profile.ts';

const octet = '(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])';
const hex = '[0-9A-Fa-f]';

/**
 * What text is held against: RE2, so that time is linear in the text whatever it holds. Personal data is looked for
 * anywhere, since it hides in free text; what a value *is* (number, time, UUID) must be all of it.
 */
export const textShapePatterns = {
  email: String.raw`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`,
  // International; North American; or with the leading zero of a national number, and then all of the value.
  phone: String.raw`(^|[\s:(])(\+|00)[1-9][0-9 ()/.-]{6,16}[0-9]|(^|\s)\(?[2-9][0-9]{2}\)?[ .-][2-9][0-9]{2}[ .-][0-9]{4}(\D|$)|^0[1-9][0-9]{0,4}[ /-][0-9 /-]{4,12}$`,
  card: String.raw`(^|[^0-9.+-])(([0-9]{4}[ -]){3}[0-9]{1,7}|3[47][0-9]{2}[ -][0-9]{6}[ -][0-9]{5}|[3-6][0-9]{14,15})([^0-9.]|\.\D|\.?$)`,
  ip_address: String.raw`(^|[^0-9.])(${octet}\.){3}${octet}([^0-9.]|\.\D|\.?$)|(^|[^0-9A-Fa-f:])((${hex}{1,4}:){7}${hex}{1,4}|(${hex}{1,4}:){1,6}:${hex}{1,4})([^0-9A-Fa-f:]|$)`,
  uuid: `^${hex}{8}-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}$`,
  url: String.raw`https?://[^\s/$.?#]\S*`,
  number: String.raw`^\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+|[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?)([eE][+-]?[0-9]+)?\s*$`,
  time: String.raw`^\s*([0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\s?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}|[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)\s*$`,
  blank: String.raw`^[\s\p{Z}]*$`,
  padded: String.raw`^[\s\p{Z}]+[^\s\p{Z}]|[^\s\p{Z}][\s\p{Z}]+$`,
} as const satisfies Record<Exclude<keyof TextShapes, 'basis' | 'values'>, string>;

/** The name of a shape. */
export type TextShape = keyof typeof textShapePatterns;
