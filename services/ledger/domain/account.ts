/** Whether an account may trade and transfer: only an active one may. */
export type AccountState = 'active' | 'frozen' | 'closed';

/** The ledger's copy of an account's conditions; the user service owns them. */
export type Account = {
  accountId: string;
  /** Grows with each change; a lower one is stale. */
  version: bigint;
  state: AccountState;
  house: boolean;
  /** Greatest amount of one transfer in micros; undefined: no limit. */
  transferMaxMicros: bigint | undefined;
};
