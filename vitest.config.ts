import { configDefaults, defineConfig } from 'vitest/config';
import { createLeftOutReporter, isLeftOutLog } from './test/support/left-out-reporter.ts';

// The name of a test file says when it runs. `test/test-files.test.ts` holds them to it.
const slow = ['test/**/*.slow.test.ts'];
const integration = ['test/e2e/**/*.test.ts', 'test/**/*.integration.test.ts'];
// Building and running the image takes minutes, root and a gigabyte: `npm run image-test`.
const exclude = [...configDefaults.exclude, 'test/image/image.test.ts'];

export default defineConfig({
  test: {
    // CDK synthesis and real child processes need more than the default 5 s.
    testTimeout: 60_000,
    // A test that came to no expectation, as in a loop over an empty list, has shown nothing.
    expect: { requireAssertions: true },
    hookTimeout: 180_000,
    // Two cores are what a small CI machine has; more workers only make timeouts likelier.
    maxWorkers: 2,
    reporters: ['default', createLeftOutReporter()],
    onConsoleLog: (log) => !isLeftOutLog(log),
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [...exclude, ...integration, ...slow] },
      },
      { extends: true, test: { name: 'integration', include: integration, exclude: [...exclude, ...slow] } },
      { extends: true, test: { name: 'slow', include: slow, exclude } },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/domain/**'],
      reporter: ['text-summary'],
      thresholds: { lines: 95 },
    },
  },
});
