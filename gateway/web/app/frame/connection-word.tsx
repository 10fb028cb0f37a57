import { connection } from '../store/connection.ts';
import { isFrozen } from '../store/frame.ts';

/** The state of the connection in words. */
export function ConnectionWord() {
  const { word, text } = connection.value;
  if (isFrozen.value) {
    return (
      <span id="connection" class="connection" data-word="frozen" role="status">
        Frozen, z goes on
      </span>
    );
  }
  return (
    <span id="connection" class="connection" data-word={word} role="status">
      {text}
    </span>
  );
}
