/** The context of a deployment: what `-c key=value` says, and beneath it what cdk.json says. */
export type DeployContext = {
  text(key: string): string | undefined;
  list(key: string): readonly string[];
};

/** The `-c` and `--context` among the arguments for the CDK, in their three forms; the last of a key counts. */
const givenContext = (args: readonly string[]): ReadonlyMap<string, string> => {
  const pairs = args.flatMap((arg, index) => {
    if (arg === '-c' || arg === '--context') return [args[index + 1] ?? ''];
    const joined = /^(?:-c|--context=)(.+)$/.exec(arg)?.[1];
    return joined === undefined ? [] : [joined];
  });
  return new Map(
    pairs.map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
};

/** Reads the context from the arguments and from cdk.json. */
export const deployContext = (args: readonly string[], cdkJson: string): DeployContext => {
  const given = givenContext(args);
  const { context = {} } = JSON.parse(cdkJson) as {
    readonly context?: Readonly<Record<string, string | number | boolean | readonly string[] | null>>;
  };
  const text = (key: string): string | undefined => {
    const value = given.get(key) ?? context[key];
    if (value === undefined || value === null || value === '') return undefined;
    return Array.isArray(value) ? value.join(',') : String(value);
  };
  return {
    text,
    list: (key) =>
      (text(key) ?? '')
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
  };
};
