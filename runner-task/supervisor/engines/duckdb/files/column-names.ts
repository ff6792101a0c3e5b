/** Names of columns as DuckDB can hold them, which ignores case in them: what is empty or there before gets a number. */
export const columnNames = (wanted: readonly string[]): readonly string[] => {
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
