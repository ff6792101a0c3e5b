import { describe, expect, it } from 'vitest';
import { rotationText } from '../../../bin/commands/connection-text.ts';

const view = {
  name: 'shop',
  engine: 'postgres' as const,
  label: 'postgresql://b:5432/shop',
  created_at: '2026-01-01T00:00:00.000Z',
};

describe('what is said of a rotation', () => {
  it('names both databases where it leads to another', () => {
    expect(rotationText({ ...view, moved_from: 'postgresql://a:5432/shop' })).toMatch(
      /^Rotated\. It now points at another database: postgresql:\/\/b:5432\/shop, not postgresql:\/\/a:5432\/shop\.\nname +shop/,
    );
  });

  it('is no more than that where it leads to the same', () => {
    expect(rotationText(view)).toMatch(/^Rotated\.\nname +shop/);
  });
});
