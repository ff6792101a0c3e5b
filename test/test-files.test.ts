import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../bin/local/settings.ts';

const files = globSync('test/**/*.test.ts', { cwd: projectRoot }).toSorted();
const textOf = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');

/** What starts a process, a server or a sandbox, as imports name it. */
const startsProcess =
  /^node:child_process$|\/(process-sandbox|python-environment|mysql-parser|service)\.ts$|\/runner-task\/supervisor\/(main|database-process)/;

/** What a file of the tests imports, directly or through another file of the tests, that starts a process. */
const processesOf = (file: string, seen = new Set<string>()): readonly string[] => {
  if (seen.has(file)) return [];
  seen.add(file);
  // Types are gone when a test runs.
  const running = textOf(file).replaceAll(/^import type [^;]*;/gm, '');
  const imports = [...running.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, name = '']) => name);
  return imports.flatMap((name) => {
    if (startsProcess.test(name)) return [name];
    const target = resolve('/', dirname(file), name).slice(1);
    const isTest = name.startsWith('.') && target.startsWith('test/') && target.endsWith('.ts');
    return isTest && existsSync(join(projectRoot, target)) ? processesOf(target, seen) : [];
  });
};

describe('a test file', () => {
  it('that starts a process is named *.integration.test.ts or *.slow.test.ts, or stands in test/e2e or test/aws', () => {
    const isUnit = (file: string): boolean =>
      !/\.(integration|slow)\.test\.ts$|^test\/(aws|e2e|image)\//.test(file) && file !== 'test/test-files.test.ts';
    const wrong = files.filter(isUnit).flatMap((file) => {
      const reached = processesOf(file);
      return reached.length === 0 ? [] : [`${file}: ${reached.join(', ')}`];
    });
    expect(wrong).toEqual([]);
  });

  it('leaves tests out only where `isMissing` or `leaveOut` say so', () => {
    const wrong = files.flatMap((file) => {
      const text = textOf(file);
      const silent =
        text.match(
          /\b(skipIf|runIf)\((?!isMissing\(|'missing' in found && leaveOut\(|\w+ === undefined && leaveOut\()/g,
        ) ?? [];
      const unsaid = /\bskip\(/.test(text) && !/\b(isMissing|leaveOut)\(/.test(text);
      return silent.length > 0 || unsaid ? [file] : [];
    });
    expect(wrong).toEqual([]);
  });
});
