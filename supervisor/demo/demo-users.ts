/** A person who exists in every fresh system, to try it out with. */
export type DemoUser = { email: string; displayName: string };

/** The demo users; each begins with `demoDeposit`. */
export const demoUsers: readonly DemoUser[] = [
  { email: 'alice@example.com', displayName: 'Alice' },
  { email: 'bob@example.com', displayName: 'Bob' },
];

/** Password of the demo users: the system answers this machine only. */
export const demoPassword = 'outcry-demo-1';

/** Cash that each demo user begins with, in USD. */
export const demoDeposit = '100000.00';
