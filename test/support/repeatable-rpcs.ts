/** What the test of keys knows of RPCs that may be repeated, beside its cases. */

/** The fields in which keys are sent; an RPC with one of them needs a case. */
export const keyFields: readonly string[] = ['idempotency_key', 'client_order_id', 'command_id', 'list_id'];

/**
 * RPCs whose key is not in a field of their own, that make nothing yet, or whose orders are for the moment of a caller who does not leave, by the
 * test that shows what a repeat of it does.
 */
export const shownElsewhere: Record<string, string> = {
  // Every split is refused.
  'exchange.v1.ExchangeService/SplitSymbol': 'services/exchange/verification/scenarios/order-types.test.ts',
  'order.v1.OrderService/CloseAllPositions': 'services/order/saga/close-position.test.ts',
  'order.v1.OrderService/ClosePosition': 'services/order/saga/close-position.test.ts',
  // The key is inside of bytes that the provider has signed.
  'ledger.v1.LedgerInternalService/ConfirmPayment': 'services/ledger/transfers/receive-callback.test.ts',
};

/** RPCs that may be repeated because they name what they set or make, not by a key: the same request again leads to the same state. */
export const namedOnly: readonly string[] = [
  'auto.v1.AutoService/DeleteRule',
  'auto.v1.AutoService/SetRuleEnabled',
  'exchange.v1.ExchangeFeedService/Confirm',
  'exchange.v1.ExchangeService/KeepAlive',
  'exchange.v1.ExchangeService/ListSymbol',
  'exchange.v1.ExchangeService/Void',
  'ledger.v1.LedgerAdminService/SettlePaymentFindings',
  'ledger.v1.LedgerInternalService/ReleaseHolds',
  'market.v1.MarketAdminService/CreateInstrument',
  'market.v1.MarketService/ChangeStream',
  'notification.v1.DeadEventAdminService/DropDeadEvents',
  'notification.v1.DeadEventAdminService/RedriveDeadEvents',
  'notification.v1.NotificationAdminService/RedriveDeadLetters',
  'notification.v1.NotificationService/MarkMessageRead',
  'notification.v1.NotificationService/SetPreferences',
  'order.v1.OrderService/CancelOrder',
  'order.v1.OrderService/CancelOrders',
  'order.v1.OrderService/KeepSessionAlive',
  'portfolio.v1.PortfolioService/SetLotMethod',
  'user.v1.ApiKeyService/RevokeApiKey',
  'user.v1.SessionService/RevokeSession',
  'user.v1.SessionService/LogOut',
  'user.v1.SessionService/LogOutEverywhere',
  'user.v1.UserAdminService/EnsureUser',
  'user.v1.UserAdminService/SetAccountState',
  'user.v1.UserAdminService/SetConditions',
  'user.v1.UserAdminService/SetRoles',
  'user.v1.UserInternalService/EnsureHouseAccount',
  'user.v1.UserService/UpdateProfile',
];
