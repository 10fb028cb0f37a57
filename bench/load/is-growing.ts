const windowsCompared = 3;
const growthMin = 1.05;

/**
 * Whether the last rates of a warm-up are still above those before them, or there are too few to tell: what is measured while the
 * rate grows is the compiler.
 */
export function isGrowing(rates: readonly number[]): boolean {
  const recent = rates.slice(-windowsCompared);
  const earlier = rates.slice(0, -windowsCompared);
  if (earlier.length < windowsCompared) return true;
  return Math.max(...recent) > growthMin * Math.max(...earlier);
}
