import { describe, expect, it } from 'vitest';
import { SendWindow } from './send-window.ts';

const limits = { itemsMin: 10, itemsMax: 100, itemsAtFirst: 100, workMs: 300, overtakenMs: 500 };

describe('SendWindow', () => {
  it('is what is answered in its time, within its bounds', () => {
    const window = new SendWindow(limits, 0);
    expect(window.room).toBe(100);
    window.answer(window.send(50, 0), 50, 250);
    expect(window.room).toBe(60);
    for (let ms = 500; ms <= 3_000; ms += 250) window.answer(window.send(1, ms), 1, ms);
    expect(window.room).toBe(10);
    for (let ms = 3_250; ms <= 5_000; ms += 250) window.answer(window.send(90, ms), 90, ms);
    expect(window.room).toBe(100);
  });

  it('has no room for more than it until answers come', () => {
    const window = new SendWindow(limits, 0);
    const group = window.send(100, 0);
    expect(window.room).toBe(0);
    window.answer(group, 30, 1);
    expect(window.room).toBe(30);
  });

  it('does not count orders that later ones have overtaken', () => {
    const window = new SendWindow(limits, 0);
    const slow = window.send(80, 0);
    window.answer(window.send(1, 400), 1, 410);
    expect(window.inFlight).toBe(80);
    window.answer(window.send(1, 501), 1, 510);
    expect(window.inFlight).toBe(0);
    window.answer(slow, 80, 9_000);
    expect(window.inFlight).toBe(0);
  });
});
