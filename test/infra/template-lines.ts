import { flat, type Resource, type Template } from './template.ts';

type Lines = ReadonlyMap<string, readonly string[]>;

/** References, and what has them within a text, are one value. */
const isValue = (value: object): boolean => {
  const keys = Object.keys(value);
  return keys.length === 0 || (keys.length === 1 && /^(?:Ref|Fn::)/.test(keys[0] ?? ''));
};

/** A value on one line, references as `<Id>`. */
const oneLine = (value: unknown): string => {
  if (typeof value !== 'object' || value === null || (!Array.isArray(value) && isValue(value))) return flat(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, below]) => `${key}: ${oneLine(below)}`)
    .join(', ')} }`;
};

const nameOf = (item: unknown): string | undefined =>
  typeof item === 'object' && item !== null && 'Name' in item ? String(item.Name) : undefined;

/** What stands in a list has a line for itself, unless it has a name; its place tells nothing, and moves. */
const linesOf = (at: string, value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [`${at}: ${flat(value)}`];
  if (Array.isArray(value))
    return value.flatMap((item) => {
      const name = nameOf(item);
      return name === undefined ? [`${at}[]: ${oneLine(item)}`] : linesOf(`${at}[${name}]`, item);
    });
  if (isValue(value)) return [`${at}: ${flat(value)}`];
  return Object.entries(value).flatMap(([key, below]) => linesOf(`${at}.${key}`, below));
};

/** Hashes of assets, and of all that a version or a deployment hangs on. */
const masked = (text: string): string =>
  text
    .replaceAll(/\b[0-9a-f]{64}\b/g, '<hash>')
    .replaceAll(/(CurrentVersion|Deployment)[0-9A-Fa-f]{32,40}/g, '$1<hash>');

/** Some resources have none. */
const propertiesOf = ({ Properties }: Partial<Resource>): Resource['Properties'] => Properties ?? {};

const isOfFunctions = (line: string): boolean => line.startsWith('Environment.');

/** A template a line for each property, by resource; the environment of a function, which is that of all, stands apart. */
const templateLines = (template: Template): Lines =>
  new Map(
    template.resources.flatMap((resource) => {
      const { path, id, type, DeletionPolicy } = resource;
      const kept = DeletionPolicy === undefined ? [] : [`DeletionPolicy: ${DeletionPolicy}`];
      const lines = Object.entries(propertiesOf(resource))
        // A method's path in the tree is that of its resource.
        .filter(([name]) => !(type === 'AWS::ApiGateway::Method' && name === 'ResourceId'))
        .flatMap(([name, value]) => linesOf(name, value));
      const name = masked(`${path === '' ? id : path} (${type})`);
      const all = [...kept, ...lines].map(masked).toSorted();
      return [
        [name, all.filter((line) => !isOfFunctions(line))] as const,
        [`${name}, its environment`, all.filter(isOfFunctions)] as const,
      ].filter(([one, its]) => one === name || its.length > 0);
    }),
  );

/** The lines of one list that the other does not have, each as often as it has it more. */
const without = (lines: readonly string[], others: readonly string[]): readonly string[] => {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
};

/** What there are many of, and what all of them are named as. */
const kinds = {
  'Functions/*/Function, the environment': /^Functions\/[^/]+\/Function .*, its environment$/,
  'Api/RestApi/Default/*/OPTIONS': /^Api\/RestApi\/Default\/(?:.*\/)?OPTIONS /,
};

/** The names of resources that change alike; where all of a kind do, its name stands for them. */
const heads = (names: readonly string[], all: Lines): readonly string[] => {
  const whole = Object.entries(kinds).filter(([, kind]) => {
    const these = [...all.keys()].filter((name) => kind.test(name));
    return these.length > 1 && these.every((name) => names.includes(name));
  });
  const others = names.filter((name) => !whole.some(([, kind]) => kind.test(name)));
  return [...whole.map(([name]) => name), ...others.toSorted()];
};

/**
 * In what a template differs from another: resources that are gone (`-`) or new (`+`, with their properties), and of others
 * the properties that are. Resources that change alike are named together, so an environment of all functions stands once.
 */
export const differences = (before: Template, after: Template): string => {
  const [was, is] = [templateLines(before), templateLines(after)];
  const gone = [...was.keys()].filter((name) => !is.has(name)).map((name) => `- ${name}`);
  const changes = new Map<string, string[]>();
  for (const [name, lines] of is) {
    const old = was.get(name);
    const changed = [
      ...(old === undefined ? ['new'] : without(old, lines).map((line) => `- ${line}`)),
      ...without(lines, old ?? []).map((line) => `+ ${line}`),
    ];
    if (changed.length > 0) changes.set(changed.join('\n'), [...(changes.get(changed.join('\n')) ?? []), name]);
  }
  const changed = [...changes].map(([lines, names]) => {
    const isNew = lines.startsWith('new');
    const body = (isNew ? lines.slice(3) : lines).split('\n').filter((line) => line !== '');
    return [
      ...heads(names, is).map((name) => `${isNew ? '+' : '~'} ${name}`),
      ...body.map((line) => `    ${line}`),
    ].join('\n');
  });
  return `${[...gone.toSorted(), ...changed.toSorted()].join('\n')}\n`;
};
