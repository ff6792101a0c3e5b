import { type Check, checks, type Place } from './checks.ts';

/** A check that could not be made is no reason to stop: who deploys may lack the right to ask, and have all others. */
const ask = async (check: Check, place: Place): Promise<{ readonly line: string; readonly isMissing: boolean }> => {
  try {
    const found = await check.look(place);
    switch (found.state) {
      case 'good':
        return { line: `  ok       ${check.what}: ${found.says}`, isMissing: false };
      case 'unknown':
        return { line: `  unknown  ${check.what}: ${found.says}`, isMissing: false };
      case 'missing':
        return { line: `  MISSING  ${check.what}: ${found.says}.\n           ${found.remedy}`, isMissing: true };
    }
  } catch (thrown) {
    const reason = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return { line: `  unknown  ${check.what}: could not be asked (${reason})`, isMissing: false };
  }
};

/** Looks whether a deployment can work, printing a line for each precondition. Says how many are missing. */
export const lookAhead = async (place: Place, print: (line: string) => void): Promise<number> => {
  const [first, ...others] = checks;
  const found = first === undefined ? undefined : await ask(first, place);
  if (found !== undefined) print(found.line);
  if (found?.isMissing === true) return 1;
  let missing = 0;
  for (const check of others) {
    const { line, isMissing } = await ask(check, place);
    print(line);
    if (isMissing) missing += 1;
  }
  return missing;
};
