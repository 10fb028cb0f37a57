/**
 * A small fault of the kind that order books are known for, as an edit of the engine's source. Tests that would not notice it are
 * tests that prove nothing: each one must be caught by the golden cases or by the comparison with the reference engine.
 */
export type Mutant = {
  /** What goes wrong, as one would report it. Different for each. */
  fault: string;
  /** The file that has it, from `engine/`. */
  file: string;
  /** Source text that occurs there exactly once. */
  source: string;
  /** What stands there instead. */
  replacement: string;
};

/** Edits the text of a mutant's file. Throws unless the source text occurs exactly once: the mutant is out of date then. */
export function applyMutant(text: string, { fault, file, source, replacement }: Mutant): string {
  const parts = text.split(source);
  if (parts.length !== 2) throw new Error(`${parts.length - 1} places in ${file} for "${fault}"; one is needed`);
  return parts.join(replacement);
}
