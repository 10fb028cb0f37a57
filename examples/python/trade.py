"""A gRPC client in Python: watches a price, buys at market, and prints what was filled.

python trade.py localhost:8080 EMAIL PASSWORD SYMBOL
"""

import sys
import uuid

import grpc
from outcry.market.v1 import market_pb2, market_pb2_grpc
from outcry.order.v1 import order_pb2, order_pb2_grpc
from outcry.trading.v1 import trading_pb2
from outcry.user.v1 import session_pb2, session_pb2_grpc

PRICES_WANTED = 3
# Seconds; a call without a deadline could wait without limit.
DEADLINE = 60


def trade(address: str, email: str, password: str, symbol: str) -> None:
    with grpc.insecure_channel(address) as channel:
        sessions = session_pb2_grpc.SessionServiceStub(channel)
        login = session_pb2.LogInRequest(email=email, password=password)
        token = sessions.LogIn(login, timeout=DEADLINE).tokens.access_token
        watch(channel, symbol)
        # The key is chosen before it is sent, and the same in a repeat after a lost answer: one key is one order.
        request = order_pb2.PlaceOrderRequest(
            client_order_id=f"python-{uuid.uuid4()}",
            terms=order_pb2.OrderTerms(
                symbol=symbol,
                side=trading_pb2.SIDE_BUY,
                type=trading_pb2.ORDER_TYPE_MARKET,
                quantity="5",
            ),
        )
        orders = order_pb2_grpc.OrderServiceStub(channel)
        metadata = [("authorization", f"Bearer {token}")]
        order = orders.PlaceOrder(request, metadata=metadata, timeout=DEADLINE).order
        print(f"order {order.order_id}: {order.filled_quantity} of {order.quantity} filled at {order.average_fill_price}")


def watch(channel: grpc.Channel, symbol: str) -> None:
    """Prints the first prices of a symbol as they change."""
    market = market_pb2_grpc.MarketServiceStub(channel)
    stream = market.StreamQuotes(market_pb2.StreamQuotesRequest(symbols=[symbol]), timeout=DEADLINE)
    prices = 0
    for message in stream:
        kind = message.WhichOneof("message")
        if kind == "snapshot" and message.snapshot.quotes:
            quote = message.snapshot.quotes[0]
        elif kind == "quote":
            quote = message.quote
        else:
            continue
        print(f"{symbol}  bid {quote.bid_price}  ask {quote.ask_price}  last {quote.last_price}")
        prices += 1
        if prices == PRICES_WANTED:
            stream.cancel()
            return


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: python trade.py ADDRESS EMAIL PASSWORD SYMBOL")
    try:
        trade(*sys.argv[1:])
    except grpc.RpcError as error:
        sys.exit(f"{error.code().name}: {error.details()}")
