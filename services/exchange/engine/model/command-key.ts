import { Hasher } from './hasher.ts';
import { parseUuid } from './uuid.ts';

const first = new Hasher();
const second = new Hasher();
const secondSeed = 0x9e3779b9;

/**
 * Reads a command id into four words: a UUID as it is, any other text as a digest of 128 bits, so that a day of ids is no day of texts. Two
 * texts with one digest would count as one id.
 */
export function readCommandKey(commandId: string, words: Uint32Array): void {
  if (parseUuid(commandId, words)) return;
  first.reset().text(commandId);
  second.reset().word(secondSeed).text(commandId);
  words[0] = first.low();
  words[1] = first.high();
  words[2] = second.low();
  words[3] = second.high();
}
