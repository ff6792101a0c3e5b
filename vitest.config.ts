import { configDefaults, defineConfig } from 'vitest/config';
import { createLeftOutReporter, isLeftOutLog } from './test/support/left-out-reporter.ts';

// The name of a test file says when it runs. `test/test-files.test.ts` holds them to it.
const slow = ['test/**/*.slow.test.ts'];
const integration = ['test/e2e/**/*.test.ts', 'test/**/*.integration.test.ts'];
// Building and running the image takes minutes, root and a gigabyte: `npm run image-test`.
const exclude = [...configDefaults.exclude, 'test/image/image.test.ts'];
// The whole stack on loopback: `npm run aws`. Then what can be said when all of it has run.
const aws = ['test/aws/*.test.ts'];
const afterAws = ['test/aws/afterwards/*.test.ts'];

export default defineConfig({
  test: {
    // CDK synthesis and real child processes need more than the default 5 s.
    testTimeout: 60_000,
    // A test that came to no expectation, as in a loop over an empty list, has shown nothing.
    // A poll waits for processes and servers too, so it gets more than the default second: it costs nothing where all is well.
    expect: { requireAssertions: true, poll: { timeout: 20_000 } },
    hookTimeout: 180_000,
    // Two cores are what a small CI machine has; more workers only make timeouts likelier.
    maxWorkers: 2,
    reporters: ['default', createLeftOutReporter()],
    onConsoleLog: (log) => !isLeftOutLog(log),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...exclude, ...integration, ...slow, ...aws, ...afterAws],
        },
      },
      { extends: true, test: { name: 'integration', include: integration, exclude: [...exclude, ...slow] } },
      { extends: true, test: { name: 'slow', include: slow, exclude } },
      {
        extends: true,
        test: {
          name: 'aws',
          include: aws,
          exclude,
          globalSetup: 'test/aws/platform/synthesize-once.ts',
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { name: 'aws-afterwards', include: afterAws, exclude, sequence: { groupOrder: 2 } } },
    ],
    // Of what runs in this process: the little that only a child process runs (the supervisor's `main.ts`, `operations.ts`,
    // `http-server.ts`, the database process) counts as not run. Python: test/runner-task/python.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'functions/**/*.ts', 'runner-task/**/*.ts'],
      // Runs when the image is built: npm run image-test.
      exclude: ['runner-task/image/**'],
      reporter: ['text-summary', ['json-summary', { file: 'summary.json' }]],
      thresholds: {
        'src/domain/**': { lines: 98 },
        'src/adapters/local/asl/**': { lines: 98 },
        'src/adapters/**': { lines: 80 },
        'src/use-cases/**': { lines: 80 },
        'functions/**': { lines: 80 },
        'runner-task/**': { lines: 80 },
      },
    },
  },
});
