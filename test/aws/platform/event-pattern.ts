type Fields = Readonly<Record<string, unknown>>;

/** What stands in a list of a pattern: a value, or a condition. */
const fitsOne = (value: unknown, wanted: unknown): boolean => {
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  const [[condition, operand] = ['', undefined]] = Object.entries(wanted);
  switch (condition) {
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(operand));
    case 'suffix':
      return typeof value === 'string' && value.endsWith(String(operand));
    case 'exists':
      return (value !== undefined) === operand;
    case 'anything-but':
      return ![operand].flat().includes(value);
    default:
      throw new Error(`This test's EventBridge knows no condition "${condition}".`);
  }
};

/** Whether an event fits the pattern of a rule of EventBridge. Each field of the pattern must fit, and one of its list. */
export const fitsPattern = (event: unknown, pattern: Fields): boolean =>
  Object.entries(pattern).every(([field, wanted]) => {
    const value = typeof event === 'object' && event !== null ? (event as Fields)[field] : undefined;
    if (!Array.isArray(wanted)) return fitsPattern(value, wanted as Fields);
    return wanted.some((one) => fitsOne(value, one));
  });
