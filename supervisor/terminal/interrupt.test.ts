import { describe, expect, it, vi } from 'vitest';
import { createInterrupt } from './interrupt.ts';

describe('createInterrupt', () => {
  it('takes the signals of one key press as one, and a later one as a second press', () => {
    let nowMs = 10_000;
    const { interrupt, onSignal } = createInterrupt(() => nowMs);
    const force = vi.fn();
    interrupt.onForce(force);
    expect(interrupt.signal.aborted).toBe(false);
    onSignal();
    expect(interrupt.signal.aborted).toBe(true);
    nowMs += 500;
    onSignal();
    expect(force).not.toHaveBeenCalled();
    nowMs += 1;
    onSignal();
    expect(force).toHaveBeenCalledTimes(1);
  });
});
