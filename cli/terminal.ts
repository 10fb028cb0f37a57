/** What `outcry` asks a person. */
import type { ReadStream } from 'node:tty';

const secretLengthMax = 1_000;

/** Reads a line: unseen from a terminal after the question, else the first line of what is piped in. Rejects at Ctrl-C. */
export async function readSecret(stdin: ReadStream, ask: (text: string) => void, question: string): Promise<string> {
  if (!stdin.isTTY) return readFirstLine(stdin);
  ask(question);
  stdin.setRawMode(true);
  try {
    return await readUnseen(stdin);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    ask('\n');
  }
}

async function readFirstLine(stdin: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stdin) {
    parts.push(part);
    length += part.length;
    if (part.includes('\n') || length > secretLengthMax) break;
  }
  return Buffer.concat(parts).toString('utf8').split(/\r?\n/, 1)[0] ?? '';
}

function readUnseen(stdin: ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const onData = (data: Buffer) => {
      for (const character of data.toString('utf8')) {
        if (character === '\r' || character === '\n') return end(() => resolve(typed.join('')));
        if (character === '\x03' || character === '\x04') return end(() => reject(new Error('interrupted')));
        if (character === '\x7f' || character === '\b') typed = typed.slice(0, -1);
        else if (typed.length < secretLengthMax) typed.push(character);
      }
    };
    const end = (finish: () => void) => {
      stdin.off('data', onData);
      finish();
    };
    stdin.on('data', onData);
    stdin.resume();
  });
}
