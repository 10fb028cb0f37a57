/** An order as the order service has it. */
export type OrderRow = {
  order_id: string;
  account_id: string;
  client_order_id: string;
  symbol: string;
  side: string;
  state: string;
  filled_micros: string;
  revision: number;
};
