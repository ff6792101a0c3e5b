import { describe, expect, it } from 'vitest';
import { connectionText, rotationText } from '../../../bin/commands/connection-text.ts';

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

describe('what is said of a test', () => {
  const test = { run_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', status: 'passed', started_at: view.created_at } as const;

  it('names the rights to write elsewhere, and that no survey can name those places', () => {
    const text = connectionText({
      ...view,
      test: { ...test, role: 'reader', writes_elsewhere: ['INSERT on test.*', 'DELETE on test.*'] },
    });
    expect(text).toMatch(/^role +reader$/m);
    expect(text).toMatch(/^writes +elsewhere, which no survey can name: INSERT on test\.\*, DELETE on test\.\*$/m);
  });

  it('says nothing of it where there are none', () => {
    expect(connectionText({ ...view, test: { ...test, role: 'reader' } })).not.toContain('writes');
  });
});
