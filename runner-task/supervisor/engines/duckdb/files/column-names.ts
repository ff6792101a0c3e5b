/** Names of columns as DuckDB can hold them, which ignores case in them: what is empty or there before gets a number; no statement can hold a zero byte. */
export const columnNames = (names: readonly string[]): readonly string[] => {
  const wanted = names.map((name) => name.replaceAll('\0', '_'));
  const taken = new Set(wanted.map((name) => name.toLowerCase()));
  const given = new Set<string>();
  return wanted.map((name, index) => {
    const stem = name === '' ? `column${index}` : name;
    let free = stem;
    for (let number = 1; given.has(free.toLowerCase()) || (free !== name && taken.has(free.toLowerCase())); number += 1)
      free = `${stem}_${number}`;
    given.add(free.toLowerCase());
    return free;
  });
};
