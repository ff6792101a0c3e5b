import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { portAccess } from '../../src/ports/port-access.ts';

const folder = resolve(import.meta.dirname, '../../src/use-cases');

/** What one file of the use cases declares: each constant with its source, and where the names that it imports stand. */
type UseCaseFile = { readonly parts: ReadonlyMap<string, string>; readonly imports: ReadonlyMap<string, string> };

const readUseCaseFile = (file: string): UseCaseFile => {
  const source = readFileSync(resolve(folder, file), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
  const parts = source.split(/^(?=(?:export )?(?:const|type) )/m).flatMap((part): (readonly [string, string])[] => {
    const [, name] = /^(?:export )?const (\w+)\b/.exec(part) ?? [];
    return name === undefined ? [] : [[name, part]];
  });
  const imports = [...source.matchAll(/import \{([^}]*)\} from '\.\/([\w-]+)\.ts'/g)].flatMap(
    ([, names = '', from = '']) => names.split(',').map((name): readonly [string, string] => [name.trim(), from]),
  );
  return { parts: new Map(parts), imports: new Map(imports) };
};

const files = new Map(readdirSync(folder).map((file) => [file.slice(0, -3), readUseCaseFile(file)]));

/** What a use case uses of the ports, as `port:access`, itself and through all that it calls. */
export const portsUsed = (useCase: string): ReadonlySet<string> => {
  const used = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string, name: string): void => {
    const { parts, imports } = files.get(file) ?? {
      parts: new Map<string, string>(),
      imports: new Map<string, string>(),
    };
    const source = parts.get(name);
    if (source === undefined || seen.has(`${file}/${name}`)) return;
    seen.add(`${file}/${name}`);
    for (const [port, accesses] of Object.entries(portAccess))
      for (const [access, members] of Object.entries<readonly string[]>(accesses))
        if (members.some((member) => new RegExp(`\\b${port}\\s*\\.\\s*${member}\\b`).test(source)))
          used.add(`${port}:${access}`);
    for (const word of new Set(source.match(/\b\w+\b/g) ?? []))
      visit(parts.has(word) ? file : (imports.get(word) ?? ''), word);
  };
  visit(
    useCase,
    useCase.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
  );
  return used;
};
