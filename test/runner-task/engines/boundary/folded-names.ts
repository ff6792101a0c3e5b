/** Every character that JavaScript makes a letter of `letters` of, in lower or upper case or normalized, and is another one. */
const likeLetters = (letters: ReadonlySet<string>): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  for (let code = 128; code <= 0x10_ff_ff; code += 1) {
    if (code >= 0xd8_00 && code <= 0xdf_ff) continue;
    const one = String.fromCodePoint(code);
    const made = [one.toLowerCase(), one.toUpperCase().toLowerCase(), one.normalize('NFKC').toLowerCase()]
      .concat(one.normalize('NFKD').toLowerCase().replaceAll(/\p{M}/gu, ''))
      .find((text) => letters.has(text));
    if (made !== undefined) found.set(one, made);
  }
  return found;
};

/** A name with each of its letters in turn written as every character that JavaScript would take for that letter. */
export const foldedNames = (name: string): readonly string[] => {
  const like = likeLetters(new Set(name));
  return [...like].map(([character, letter]) => name.replace(letter, character));
};
