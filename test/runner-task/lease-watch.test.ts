import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchLease } from '../../runner-task/supervisor/lease-watch.ts';

describe('a lease', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const lapses = (held: boolean) => {
    const lapsed = vi.fn<() => void>();
    return { lapsed, lease: watchLease(10, lapsed, held) };
  };

  it('that is held from the start lapses when nobody ever calls', () => {
    const { lapsed } = lapses(true);
    vi.advanceTimersByTime(9_999);
    expect(lapsed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(lapsed).toHaveBeenCalledOnce();
  });

  it('of what is kept ready is not counted before the first call', async () => {
    const { lapsed, lease } = lapses(false);
    vi.advanceTimersByTime(1_000_000);
    expect(lapsed).not.toHaveBeenCalled();
    await lease.during(async () => undefined);
    vi.advanceTimersByTime(10_000);
    expect(lapsed).toHaveBeenCalledOnce();
  });

  it('does not lapse while one of several calls is under way, and begins anew when the last has ended', async () => {
    const { lapsed, lease } = lapses(true);
    const { promise, resolve } = Promise.withResolvers<void>();
    const long = lease.during(() => promise);
    await expect(lease.during(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    vi.advanceTimersByTime(1_000_000);
    expect(lapsed).not.toHaveBeenCalled();
    resolve();
    await long;
    vi.advanceTimersByTime(9_999);
    expect(lapsed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(lapsed).toHaveBeenCalledOnce();
  });
});
