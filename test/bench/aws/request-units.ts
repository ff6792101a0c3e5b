/** A value as DynamoDB's wire protocol has it: one key, which names its type. */
type AttributeValue = Readonly<Record<string, unknown>>;

/** An item as DynamoDB's wire protocol has it. */
export type WireItem = Readonly<Record<string, AttributeValue>>;

const bytes = (text: string): number => Buffer.byteLength(text);

/** One byte for two digits, and one more. */
const numberBytes = (text: string): number => 1 + Math.ceil(text.replace(/[^0-9]/g, '').length / 2);

const valueBytes = (value: AttributeValue): number => {
  const [[type, held] = ['NULL', true]] = Object.entries(value);
  switch (type) {
    case 'S':
      return bytes(String(held));
    case 'N':
      return numberBytes(String(held));
    case 'B':
      return Buffer.from(String(held), 'base64').length;
    case 'L':
      return 3 + (held as readonly AttributeValue[]).reduce((sum, one) => sum + 1 + valueBytes(one), 0);
    case 'M':
      return 3 + itemBytes(held as WireItem) + Object.keys(held as WireItem).length;
    case 'SS':
      return (held as readonly string[]).reduce((sum, one) => sum + bytes(one), 0);
    case 'BOOL':
    case 'NULL':
      return 1;
    default:
      throw new Error(`No item of ours holds a value of type ${type}.`);
  }
};

/** The size of an item as DynamoDB bills it: of its attributes’ names and values. */
export const itemBytes = (item: WireItem): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + bytes(name) + valueBytes(value), 0);

/** Read request units of items that one request reads: one for each 4 KB of all of them, half where it need not be the latest. */
export const readUnits = (items: readonly WireItem[], consistent: boolean): number => {
  const size = items.reduce((sum, item) => sum + itemBytes(item), 0);
  return Math.max(1, Math.ceil(size / 4_096)) * (consistent ? 1 : 0.5);
};
