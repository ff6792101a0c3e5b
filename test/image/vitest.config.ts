import { defineConfig } from 'vitest/config';

/** The image is built and run by `npm run image-test` alone: it takes minutes, root and a gigabyte. */
export default defineConfig({
  test: {
    env: { SURVEYOR_TEST_REQUIRE: 'linux,x64,root,debian' },
    include: ['test/image/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 1_200_000,
  },
});
