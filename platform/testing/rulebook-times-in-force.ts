/** Which time in force goes with which type of order, as the exchange's rulebook says it in words. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The types of rule R25, by their names in the contract without their prefix. */
export const rulebookTypes = ['LIMIT', 'ICEBERG', 'STOP', 'TRAILING_STOP', 'STOP_LIMIT'] as const;
/** All times in force, by their names in the contract without their prefix. */
export const rulebookTimesInForce = ['GTC', 'DAY', 'GTD', 'IOC', 'FOK', 'AT_OPEN', 'AT_CLOSE'] as const;

/** A type of the table. */
export type RulebookType = (typeof rulebookTypes)[number];
/** A time in force of the table. */
export type RulebookTimeInForce = (typeof rulebookTimesInForce)[number];

const rulebookPath = join(import.meta.dirname, '..', '..', 'services', 'exchange', 'rulebook.md');
const sentence = /### R25 Time in force\n\n(LIMIT [^.]+)\./;

/** The times in force that go with each type. Throws when the rule is worded in another way than this understands. */
export function readRulebookTimesInForce(): Map<RulebookType, Set<RulebookTimeInForce>> {
  const rule = sentence.exec(readFileSync(rulebookPath, 'utf8'))?.[1];
  if (rule === undefined) throw new Error('rule R25 does not begin with the types');
  const table = new Map<RulebookType, Set<RulebookTimeInForce>>();
  let before = new Set<RulebookTimeInForce>();
  for (const clause of rule.split(';')) {
    const words: string[] = clause.match(/[A-Z_]+|any|but|these/g) ?? [];
    const types = rulebookTypes.filter((type) => words.includes(type));
    const named = rulebookTimesInForce.filter((time) => words.includes(time));
    const all = words.includes('any') ? new Set(rulebookTimesInForce) : new Set(words.includes('these') ? before : []);
    before = words.includes('but') ? all.difference(new Set(named)) : all.union(new Set(named));
    for (const type of types) table.set(type, before);
  }
  if (table.size !== rulebookTypes.length) throw new Error('rule R25 does not name every type');
  return table;
}
