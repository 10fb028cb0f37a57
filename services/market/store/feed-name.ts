/** The name under which the writer keeps its position: a feed of another epoch is another feed. */
export function feedName(shard: number, epoch: string): string {
  return `exchange/${shard}/${epoch}`;
}
