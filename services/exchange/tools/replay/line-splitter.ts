/** Most bytes of one line. */
export const lineBytesMax = 64 * 1024;

const [lineFeed, carriageReturn] = [10, 13];

/** Takes a line that lies in `bytes`; `isTooLong` lines are cut. The bytes are used again when it returns. */
export type OnLine = (bytes: Buffer, start: number, end: number, isTooLong: boolean) => void;

/** Cuts a file into lines, chunk by chunk. Lines end with LF or CRLF; the last one may do without. */
export class LineSplitter {
  readonly #onLine: OnLine;
  /** The start of a line whose end did not come yet. */
  readonly #rest = Buffer.alloc(lineBytesMax);
  #restLength = 0;
  #isTooLong = false;

  constructor(onLine: OnLine) {
    this.#onLine = onLine;
  }

  /** Takes the next bytes of the file. */
  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      if (this.#restLength > 0 || this.#isTooLong) {
        this.#keep(chunk, start, end);
        this.end();
      } else this.#tell(chunk, start, end, end - start > lineBytesMax);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk, start, chunk.length);
  }

  /** Tells the last line when no line break is behind it. */
  end(): void {
    if (this.#restLength === 0 && !this.#isTooLong) return;
    const [length, isTooLong] = [this.#restLength, this.#isTooLong];
    this.#restLength = 0;
    this.#isTooLong = false;
    this.#tell(this.#rest, 0, length, isTooLong);
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const room = lineBytesMax - this.#restLength;
    if (end - start > room) this.#isTooLong = true;
    this.#restLength += chunk.copy(this.#rest, this.#restLength, start, Math.min(end, start + room));
  }

  #tell(bytes: Buffer, start: number, end: number, isTooLong: boolean): void {
    const hasReturn = end > start && bytes[end - 1] === carriageReturn;
    this.#onLine(bytes, start, hasReturn ? end - 1 : end, isTooLong);
  }
}
