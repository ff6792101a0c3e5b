import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'runner-task/**/*.test.ts'],
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
