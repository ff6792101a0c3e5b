/** Whether a server's version, such as `10.11.6-MariaDB-0+deb12u1`, is at least the one given. */
export const isAtLeast = (version: string, least: readonly [major: number, minor: number, patch: number]): boolean => {
  const parts = /(\d+)\.(\d+)(?:\.(\d+))?/
    .exec(version)
    ?.slice(1)
    .map((part) => Number(part ?? 0)) ?? [0];
  for (const [index, wanted] of least.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
};
