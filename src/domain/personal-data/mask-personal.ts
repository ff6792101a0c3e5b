import { hasCheckDigit } from './check-digit.ts';

const email = /[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}/g;
/** A plus sign or a bracket in front: plain groups of digits are as likely a key or a date. */
const phone = /(?:\+|\(\+?)\d[\d ()./-]{6,18}\d/g;
const digits = /(?<![\w.])\d(?:[ -]?\d){12,18}(?!\w)/g;

/**
 * A text with e-mail addresses, telephone numbers and card numbers replaced by what they are. A report goes to more people
 * than the database does, so what it shows of single values must not carry these on.
 */
export const maskPersonal = (text: string): string =>
  text
    .replace(email, '‹e-mail›')
    .replace(digits, (found) => (isCard(found) ? '‹card number›' : found))
    .replace(phone, '‹telephone›');

/** Grouped as cards are, or with a right check digit: a key or a time in milliseconds has as many digits. */
const isCard = (found: string): boolean => /^\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}$/.test(found) || hasCheckDigit(found);
