import type { MessageKind } from './kinds.ts';

/** A message in parts; empty lines are left out. */
export type Composed = { kind: MessageKind; subject: string; lines: string[] };
