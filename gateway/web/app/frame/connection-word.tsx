import { connection } from '../store/connection.ts';
import { isFrozen } from '../store/frame.ts';

/** The state of the connection in words. Its age and its countdown change each second, so that its changes alone are announced elsewhere. */
export function ConnectionWord() {
  const { word, text } = connection.value;
  if (isFrozen.value) {
    return (
      <span id="connection" class="connection" data-word="frozen">
        Frozen, z goes on
      </span>
    );
  }
  return (
    <span id="connection" class="connection" data-word={word}>
      {text}
    </span>
  );
}
