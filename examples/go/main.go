// A Connect client in Go: watches a price, buys at market, and prints what was filled.
// go run . http://localhost:8080 EMAIL PASSWORD SYMBOL
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"connectrpc.com/connect"

	marketv1 "outcry.example/client/gen/outcry/market/v1"
	"outcry.example/client/gen/outcry/market/v1/marketv1connect"
	orderv1 "outcry.example/client/gen/outcry/order/v1"
	"outcry.example/client/gen/outcry/order/v1/orderv1connect"
	tradingv1 "outcry.example/client/gen/outcry/trading/v1"
	userv1 "outcry.example/client/gen/outcry/user/v1"
	"outcry.example/client/gen/outcry/user/v1/userv1connect"
)

const pricesWanted = 3

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: go run . URL EMAIL PASSWORD SYMBOL")
	}
	if err := trade(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		log.Fatal(err)
	}
}

func trade(url, email, password, symbol string) error {
	// Each call ends by then: one without a deadline could wait without limit.
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	sessions := userv1connect.NewSessionServiceClient(http.DefaultClient, url)
	login, err := sessions.LogIn(ctx, connect.NewRequest(&userv1.LogInRequest{Email: email, Password: password}))
	if err != nil {
		return fmt.Errorf("log in: %w", err)
	}
	if err := watch(ctx, url, symbol); err != nil {
		return fmt.Errorf("watch %s: %w", symbol, err)
	}

	request := connect.NewRequest(&orderv1.PlaceOrderRequest{
		// Chosen before it is sent, and the same in a repeat after a lost answer: one key is one order.
		ClientOrderId: fmt.Sprintf("go-%d", time.Now().UnixNano()),
		Terms: &orderv1.OrderTerms{
			Symbol: symbol,
			Side:   tradingv1.Side_SIDE_BUY,
			Type:   tradingv1.OrderType_ORDER_TYPE_MARKET,
			Size:   &orderv1.OrderTerms_Quantity{Quantity: "5"},
		},
	})
	request.Header().Set("authorization", "Bearer "+login.Msg.GetTokens().GetAccessToken())
	placed, err := orderv1connect.NewOrderServiceClient(http.DefaultClient, url).PlaceOrder(ctx, request)
	if err != nil {
		return fmt.Errorf("place order: %w", err)
	}
	order := placed.Msg.GetOrder()
	fmt.Printf("order %s: %s of %s filled at %s\n",
		order.GetOrderId(), order.GetFilledQuantity(), order.GetQuantity(), order.GetAverageFillPrice())
	return nil
}

// watch prints the first prices of a symbol as they change.
func watch(ctx context.Context, url, symbol string) error {
	market := marketv1connect.NewMarketServiceClient(http.DefaultClient, url)
	stream, err := market.StreamQuotes(ctx, connect.NewRequest(&marketv1.StreamQuotesRequest{Symbols: []string{symbol}}))
	if err != nil {
		return err
	}
	defer stream.Close()
	for prices := 0; prices < pricesWanted && stream.Receive(); {
		quote := stream.Msg().GetQuote()
		if snapshot := stream.Msg().GetSnapshot(); snapshot != nil && len(snapshot.GetQuotes()) > 0 {
			quote = snapshot.GetQuotes()[0]
		}
		if quote == nil {
			continue
		}
		fmt.Printf("%s  bid %s  ask %s  last %s\n", symbol, quote.GetBidPrice(), quote.GetAskPrice(), quote.GetLastPrice())
		prices++
	}
	return stream.Err()
}
