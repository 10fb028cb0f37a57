import { connection } from '../store/connection.ts';

/** The state of the connection in words. */
export function ConnectionWord() {
  const { word, text } = connection.value;
  return (
    <span id="connection" class="connection" data-word={word} role="status">
      {text}
    </span>
  );
}
