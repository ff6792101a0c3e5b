import { InvalidArgumentError } from 'commander';

/** An option's value as a positive whole number. */
export const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (/^\d+$/.test(text) && value > 0 && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('Give a whole number from 1 on.');
};

/** An option's value as a positive number. */
export const positiveNumber = (text: string): number => {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError('Give a number above 0, such as 0.5.');
};
