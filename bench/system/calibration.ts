const steps = 20_000_000;
const rounds = 5;

// The result is kept, so that no compiler leaves the steps out.
let lastValue = 1;

/**
 * How fast one core is at the moment, in millions of dependent integer steps a second, the best of a few short rounds. A virtual
 * machine that is held back does not know it: its processor time goes on, and only this figure is lower than at other times.
 */
export function measureStepsPerSecond(): number {
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const startTimeMs = performance.now();
    lastValue = takeSteps(lastValue);
    best = Math.max(best, steps / (performance.now() - startTimeMs) / 1_000);
  }
  return best;
}

// Each step needs the one before, so neither a wide nor a clever processor runs ahead.
function takeSteps(start: number): number {
  let value = start;
  for (let step = 0; step < steps; step++) value = (Math.imul(value, 31) + step) | 0;
  return value;
}
