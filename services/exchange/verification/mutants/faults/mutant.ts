/**
 * A small, typical fault of an order book, as an edit of the engine's source. Each one must be caught by the golden cases or by the
 * comparison with the reference engine.
 */
export type Mutant = {
  /** The fault, as one would report it. Unique. */
  fault: string;
  /** Path of the edited file, relative to `engine/`. */
  file: string;
  /** Source text that occurs there exactly once. */
  source: string;
  /** Its replacement. */
  replacement: string;
};

/** Edits the text of a mutant's file. Throws unless the source text occurs exactly once: the mutant is out of date then. */
export function applyMutant(text: string, { fault, file, source, replacement }: Mutant): string {
  const parts = text.split(source);
  if (parts.length !== 2) throw new Error(`${parts.length - 1} places in ${file} for "${fault}"; one is needed`);
  return parts.join(replacement);
}
