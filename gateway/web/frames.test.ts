import { describe, expect, it } from 'vitest';
import { envelope, framesIn } from './frames.ts';

function bodyOf(...chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

function frame(text: string, flags = 0): Uint8Array<ArrayBuffer> {
  const bytes = envelope(text);
  bytes[0] = flags;
  return bytes;
}

describe('framesIn', () => {
  it('reads messages however the body was cut', async () => {
    const bytes = new Uint8Array([...frame('{"a":1}'), ...frame('{"ü":2}'), ...frame('{}', 2)]);
    for (const sizeBytes of [1, 3, 7, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / sizeBytes) }, (_, index) =>
        bytes.slice(index * sizeBytes, (index + 1) * sizeBytes),
      );
      expect(await Array.fromAsync(framesIn(bodyOf(...chunks)))).toEqual([
        { isEnd: false, text: '{"a":1}' },
        { isEnd: false, text: '{"ü":2}' },
        { isEnd: true, text: '{}' },
      ]);
    }
  });

  it('leaves out a message that never came whole', async () => {
    const bytes = frame('{"a":1}');
    expect(await Array.fromAsync(framesIn(bodyOf(bytes, bytes.slice(0, 8))))).toEqual([
      { isEnd: false, text: '{"a":1}' },
    ]);
  });

  it('refuses a message that is too large before it is there', async () => {
    await expect(Array.fromAsync(framesIn(bodyOf(new Uint8Array([0, 255, 0, 0, 0]))))).rejects.toThrow('too large');
  });

  it('cancels the body of a reader who leaves', async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(frame('{}')),
      cancel() {
        cancelled = true;
      },
    });
    for await (const _ of framesIn(body)) break;
    expect(cancelled).toBe(true);
  });
});
