/** Whether a number ends as Luhn's check has it: every second digit from the right is doubled, and the digits of all add up to a multiple of ten. */
export const hasCheckDigit = (found: string): boolean => {
  const sum = Array.from(found.replace(/\D/g, ''))
    .toReversed()
    .map((digit, index) => Number(digit) * (index % 2 === 0 ? 1 : 2))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return sum % 10 === 0;
};
