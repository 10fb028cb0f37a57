/** What a search finds: symbols and names, best first. */

/** What is searched. */
export type Searched = { symbol: string; name: string };

const matchesMax = 50;

/** At most 50 instruments for a text: those whose symbol begins with it, then whose symbol has it, then whose name has it. */
export function searchMatches<Item extends Searched>(items: readonly Item[], text: string): Item[] {
  const wanted = text.trim().toUpperCase();
  const rankOf = ({ symbol, name }: Item) => {
    if (symbol.startsWith(wanted)) return 0;
    if (symbol.includes(wanted)) return 1;
    return name.toUpperCase().includes(wanted) ? 2 : 3;
  };
  return items
    .map((item) => ({ item, rank: rankOf(item) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank || a.item.symbol.localeCompare(b.item.symbol))
    .slice(0, matchesMax)
    .map(({ item }) => item);
}
