/** Greatest number of bytes in a line. */
export const lineBytesMax = 64 * 1024;

const [lineFeed, carriageReturn] = [10, 13];

/** Receives a line in `bytes`; lines with `isTooLong` are cut. The bytes are reused after it returns. */
export type OnLine = (bytes: Buffer, start: number, end: number, isTooLong: boolean) => void;

/** Splits a file into lines, chunk by chunk. Lines end with LF or CRLF, which is optional for the last one. */
export class LineSplitter {
  readonly #onLine: OnLine;
  /** The start of a line whose end has not been read yet. */
  readonly #pending = Buffer.alloc(lineBytesMax);
  #pendingLength = 0;
  #isTooLong = false;

  constructor(onLine: OnLine) {
    this.#onLine = onLine;
  }

  /** Adds the next bytes of the file. */
  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      if (this.#pendingLength > 0 || this.#isTooLong) {
        this.#append(chunk, start, end);
        this.end();
      } else this.#emit(chunk, start, end, end - start > lineBytesMax);
      start = end + 1;
    }
    if (start < chunk.length) this.#append(chunk, start, chunk.length);
  }

  /** Emits the last line if no line break follows it. */
  end(): void {
    if (this.#pendingLength === 0 && !this.#isTooLong) return;
    const [length, isTooLong] = [this.#pendingLength, this.#isTooLong];
    this.#pendingLength = 0;
    this.#isTooLong = false;
    this.#emit(this.#pending, 0, length, isTooLong);
  }

  #append(chunk: Buffer, start: number, end: number): void {
    const room = lineBytesMax - this.#pendingLength;
    if (end - start > room) this.#isTooLong = true;
    this.#pendingLength += chunk.copy(this.#pending, this.#pendingLength, start, Math.min(end, start + room));
  }

  #emit(bytes: Buffer, start: number, end: number, isTooLong: boolean): void {
    const hasReturn = end > start && bytes[end - 1] === carriageReturn;
    this.#onLine(bytes, start, hasReturn ? end - 1 : end, isTooLong);
  }
}
