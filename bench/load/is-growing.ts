const windowsCompared = 3;
const growthMin = 1.05;

/**
 * Whether the last three rates of a warm-up are more than 5 % above the earlier ones, or there are too few to compare. A measurement
 * that begins while the rate grows measures the compiler.
 */
export function isGrowing(rates: readonly number[]): boolean {
  const recent = rates.slice(-windowsCompared);
  const earlier = rates.slice(0, -windowsCompared);
  if (earlier.length < windowsCompared) return true;
  return Math.max(...recent) > growthMin * Math.max(...earlier);
}
