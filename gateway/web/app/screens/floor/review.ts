/** When an order is reviewed before it is sent, and when a press sends it. */
import type { Preferences } from '../../store/preference-values.ts';

/** What is known of an order that is about to be sent. */
export type RiskFacts = {
  /** What it costs at most, in units of the currency; of a sale what it brings. */
  value: number;
  /** What the account has, in units of the currency; 0: not known. */
  equity: number;
  /** How far the worst price is from the best, in hundredths of a percent. */
  impactBps: number;
  /** How far a limit is beyond the touch, in hundredths of a percent; 0: at it or behind. */
  beyondTouchBps: number;
  /** Whether the book holds less than it wants at once. */
  isPart: boolean;
  isStale: boolean;
  isAuction: boolean;
  /** Whether it is a stop that is reached already. */
  firesAtOnce: boolean;
};

/** What there is to say before it is sent. */
export type Risk = { isLarge: boolean; isOdd: boolean; needsTick: boolean; reasons: string[] };

const oddImpactBps = 200;
const tickImpactBps = 500;
const oddBeyondBps = 500;

/** Judges an order. */
export function riskOf(facts: RiskFacts, largeFrom: number): Risk {
  const limit = largeFrom > 0 ? largeFrom : facts.equity / 10;
  const isLarge = limit > 0 && facts.value >= limit;
  const reasons = [
    facts.impactBps > oddImpactBps && `moves the price by ${(facts.impactBps / 100).toFixed(1)}\u2009%`,
    facts.beyondTouchBps > oddBeyondBps &&
      `its limit is ${(facts.beyondTouchBps / 100).toFixed(1)}\u2009% off the market`,
    facts.isPart && 'the book holds less than that',
    facts.isStale && 'the price is old',
    facts.isAuction && 'it takes part in an auction',
    facts.firesAtOnce && 'its stop is reached already, so that it would fire at once',
  ].filter((reason) => reason !== false);
  return { isLarge, isOdd: reasons.length > 0, needsTick: facts.impactBps > tickImpactBps || facts.isPart, reasons };
}

/** Whether an order is reviewed, as preferred. */
export function isReviewed(risk: Risk, confirm: Preferences['confirm']): boolean {
  if (confirm === 'always' || risk.needsTick) return true;
  return risk.isOdd || (confirm === 'large or odd' && risk.isLarge);
}

/** What the button does: it fills in, or says the sentence to send since a moment. */
export type Step = { name: 'fill' } | { name: 'review'; sinceMs: number };

const deadMs = 400;

/** What a press does. A press of a held key does nothing, and in the first 0.4 s of the review none does. */
export function pressed(
  step: Step,
  press: { nowMs: number; isRepeat: boolean; isReviewed: boolean },
): 'send' | 'review' | 'nothing' {
  if (press.isRepeat) return 'nothing';
  if (step.name === 'fill') return press.isReviewed ? 'review' : 'send';
  return press.nowMs - step.sinceMs >= deadMs ? 'send' : 'nothing';
}
