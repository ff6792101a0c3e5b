import { configDefaults, defineConfig } from 'vitest/config';
import { createLeftOutReporter, isLeftOutLog } from './test/support/left-out-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Building and running the image takes minutes, root and a gigabyte: `npm run image-test`.
    exclude: [...configDefaults.exclude, 'test/image/image.test.ts'],
    reporters: ['default', createLeftOutReporter()],
    onConsoleLog: (log) => !isLeftOutLog(log),
    // CDK synthesis and real child processes need more than the default 5 s.
    testTimeout: 60_000,
    hookTimeout: 180_000,
    // Two cores are what a small CI machine has; more workers only make timeouts likelier.
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['src/domain/**'],
      reporter: ['text-summary'],
      thresholds: { lines: 95 },
    },
  },
});
