import type { Account } from './account.ts';
import { type Check, checks, credentials, type Place } from './checks.ts';

class NotSignedIn extends Error {}

const notSignedIn = async (): Promise<never> => Promise.reject(new NotSignedIn());

/** What the other checks ask where there are no credentials. */
const nobodysAccount: Account = {
  identity: notSignedIn,
  region: notSignedIn,
  bootstrapVersion: notSignedIn,
  fargateCpus: notSignedIn,
  concurrentCalls: notSignedIn,
  subnets: notSignedIn,
  endpoints: notSignedIn,
};

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
    if (thrown instanceof NotSignedIn)
      return { line: `  unknown  ${check.what}: cannot be asked without credentials`, isMissing: false };
    const reason = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return { line: `  unknown  ${check.what}: could not be asked (${reason})`, isMissing: false };
  }
};

/** Looks whether a deployment can work, printing a line for each precondition. Says how many are missing. */
export const lookAhead = async (place: Place, print: (line: string) => void): Promise<number> => {
  let missing = 0;
  const tell = async (check: Check, from: Place): Promise<boolean> => {
    const { line, isMissing } = await ask(check, from);
    print(line);
    if (isMissing) missing += 1;
    return isMissing;
  };
  // What needs no account is looked at all the same, so that all that is missing is told at once.
  const account = (await tell(credentials, place)) ? nobodysAccount : place.account;
  for (const check of checks) await tell(check, { ...place, account });
  return missing;
};
