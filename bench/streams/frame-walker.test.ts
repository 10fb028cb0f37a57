import { describe, expect, it } from 'vitest';
import { dataFrame, resetFrame, settingsFrame } from '../../gateway/testing/index.ts';
import { createFrameWalker } from './frame-walker.ts';

const ping = Buffer.from([0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
const frames = [
  settingsFrame,
  dataFrame(1, Buffer.alloc(300), false),
  ping,
  dataFrame(3, Buffer.alloc(5), false),
  resetFrame(1),
];

function seenIn(chunks: Buffer[]): string[] {
  const seen: string[] = [];
  const walk = createFrameWalker({
    onData: (id) => seen.push(`data ${id}`),
    onReset: () => seen.push('reset'),
    onSettings: () => seen.push('settings'),
    onPing: (frame) => seen.push(`ping ${frame.subarray(9).join('')}`),
  });
  for (const chunk of chunks) walk(chunk);
  return seen;
}

describe('createFrameWalker', () => {
  it('sees the same frames wherever the bytes are cut', () => {
    const bytes = Buffer.concat(frames);
    const expected = ['settings', 'data 1', 'ping 12345678', 'data 3', 'reset'];
    for (let size = 1; size <= bytes.length; size += 1) {
      const count = Math.ceil(bytes.length / size);
      const chunks = Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
      expect(seenIn(chunks), `chunks of ${size}`).toEqual(expected);
    }
  });
});
