/** The workloads: which orders come at which prices, and how often they are changed. */

/** Probabilities of the next command; the remainder to 1 is that of a passive order. */
export type Mix = {
  cancel: number;
  replace: number;
  /** Limit orders that cross the spread; their remainder rests. */
  cross: number;
  ioc: number;
};

/** The parameters of a workload at one moment. */
export type Moment = {
  /** Ticks that passive orders are placed around. */
  mid: number;
  mix: Mix;
  /** Greatest lots of an order that crosses. */
  crossLotsMax: number;
  /** Share of sells among those that cross. */
  sells: number;
};

/** How a stream of commands is made. */
export type Workload = {
  name: string;
  summary: string;
  /** Orders that rest before anything is timed, and about as many afterwards. */
  resting: number;
  /** Ticks on each side of the middle that passive orders are placed in. */
  depthTicks: number;
  /** 1 spreads passive orders evenly over the depth; larger values place more of them near the middle. */
  crowding: number;
  /** The parameters at an index of the timed commands. */
  at(index: number): Moment;
};

const middle = 10_000;
const calm: Mix = { cancel: 0.25, replace: 0.2, cross: 0.12, ioc: 0.04 };

const balanced: Workload = {
  name: 'balanced',
  summary: 'new, cancel and replace around a touch that stays',
  resting: 2_000,
  depthTicks: 50,
  crowding: 2,
  at: () => ({ mid: middle, mix: calm, crossLotsMax: 100, sells: 0.5 }),
};

const swing = { ticks: 300, commands: 100_000 };

const swinging: Workload = {
  name: 'swinging',
  summary: 'the middle moves 300 ticks up and down; what is left behind is traded away',
  resting: 2_000,
  depthTicks: 50,
  crowding: 2,
  at: (index) => {
    const mid = Math.round(middle + swing.ticks * Math.sin((2 * Math.PI * index) / swing.commands));
    return { mid, mix: calm, crossLotsMax: 100, sells: 0.5 };
  },
};

const crash = { commands: 100_000, begins: 0.6, ends: 0.65, ticks: 3_000 };
const crashMix: Mix = { cancel: 0.3, replace: 0.05, cross: 0.4, ioc: 0.2 };

const flashCrash: Workload = {
  name: 'flash-crash',
  summary: 'calm; then large sells and withdrawn bids take the price down by 30 %; then it climbs back',
  resting: 5_000,
  depthTicks: 200,
  crowding: 2,
  at: (index) => {
    const part = (index % crash.commands) / crash.commands;
    if (part < crash.begins) return { mid: middle, mix: calm, crossLotsMax: 100, sells: 0.5 };
    const fallen = (part - crash.begins) / (crash.ends - crash.begins);
    const risen = (part - crash.ends) / (1 - crash.ends);
    const mid = Math.round(middle - crash.ticks * (part < crash.ends ? fallen : 1 - risen));
    if (part < crash.ends) return { mid, mix: crashMix, crossLotsMax: 2_000, sells: 0.95 };
    return { mid, mix: calm, crossLotsMax: 100, sells: 0.4 };
  },
};

const deepMix: Mix = { cancel: 0.34, replace: 0.3, cross: 0.02, ioc: 0 };

const deepStatic: Workload = {
  name: 'deep-static',
  summary:
    '400,000 orders rest at 1,000 prices; cancels, replaces and new ones in the depth, a few trades at the touch',
  resting: 400_000,
  depthTicks: 500,
  crowding: 1,
  at: () => ({ mid: middle, mix: deepMix, crossLotsMax: 100, sells: 0.5 }),
};

const takers: Mix = { cancel: 0.08, replace: 0.05, cross: 0, ioc: 0.42 };

const aggressiveIoc: Workload = {
  name: 'aggressive-ioc',
  summary: 'IOC orders at a protection price, most of which take several orders, against makers who refill',
  resting: 3_000,
  depthTicks: 30,
  crowding: 2,
  at: () => ({ mid: middle, mix: takers, crossLotsMax: 110, sells: 0.5 }),
};

/** Every workload, in the order in which they are measured. */
export const workloads: readonly Workload[] = [balanced, swinging, flashCrash, deepStatic, aggressiveIoc];
