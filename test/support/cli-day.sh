# A day of an investor with `outcry`, through a gateway whose answers are lost now and then.
# Environment: OUTCRY, the bundled client; OUTCRY_URL; XDG_STATE_HOME; EMAIL, PASSWORD; SYMBOL; REPORT, a folder for what it found.
set -euo pipefail

# Repeats a command while its outcome is not known (5). Whatever it has printed last is its output.
outcry() {
  local code
  for _ in $(seq 40); do
    code=0
    "$OUTCRY" "$@" > "$REPORT/out" 2>> "$REPORT/errors" || code=$?
    if ((code != 5)); then break; fi
    echo "no answer: $*" >> "$REPORT/repeats"
  done
  cat "$REPORT/out"
  return "$code"
}
field() { node -pe "JSON.parse(fs.readFileSync(0)).$1"; }
# Waits until a command prints what is looked for.
until_prints() {
  local text=$1
  shift
  for _ in $(seq 60); do
    if outcry "$@" | grep -q "$text"; then return 0; fi
    sleep 0.5
  done
  echo "not seen: $text in outcry $*" >&2
  return 1
}

echo "$PASSWORD" > "$REPORT/password"
outcry register "$EMAIL" < "$REPORT/password"
outcry login "$EMAIL" < "$REPORT/password"
outcry deposit 50000.00
outcry deposit 250.00 --key second-deposit
outcry deposit 250.00 --key second-deposit

outcry watch "$SYMBOL" --count 3 --json
outcry book "$SYMBOL"
until_prints "$SYMBOL" candles "$SYMBOL" --timeframe 1s --from 2026-01-01 --oldest-first --limit 3
outcry candles "$SYMBOL" --watch --count 1 --json | field close
outcry buy "$SYMBOL" 5 --json | field orderId > "$REPORT/market-order"
# In one fill or several, as the book is.
until_prints '"filledQuantity":"5"' order "$(cat "$REPORT/market-order")" --json
until_prints "$SYMBOL" fills --order "$(cat "$REPORT/market-order")"

RESTING=$(outcry buy "$SYMBOL" 2 --limit 1.00 --json | field orderId) || true
if [ -z "$RESTING" ]; then
  # Outside of the band: the lowest price that the market takes is asked of the book.
  BID=$(outcry quote "$SYMBOL" --json | field bidPrice)
  RESTING=$(outcry buy "$SYMBOL" 2 --limit "$(node -pe "Math.floor($BID * 0.9)").00" --json | field orderId)
fi
outcry orders --open --json | grep -q "$RESTING"
outcry holds --json | grep -q "$RESTING"
outcry cancel "$RESTING"
until_prints cancelled orders
outcry cancel "$RESTING"

RULE=$(outcry rules add 'every five seconds' --cron '*/5 * * * * *' --zone Europe/Zurich --buy "$SYMBOL" --quantity 1 --json | field ruleId)
until_prints DONE rules runs "$RULE" --json
outcry rules pause "$RULE"
until_prints MESSAGE_KIND inbox --json
until_prints subject mails --json
outcry movers
outcry average "$SYMBOL" --interval 1s --length 2

outcry keys create robot --scopes read,trade --days 30 --json > "$REPORT/api-key"
OUTCRY_API_KEY=$(field secret < "$REPORT/api-key") outcry orders --json > "$REPORT/orders-by-key"
KEY_ID=$(field apiKey.keyId < "$REPORT/api-key")
[ "$(outcry keys list --json | grep -c "$KEY_ID")" = 1 ]
outcry keys revoke "$KEY_ID" --json | grep -q revokeTime

outcry sell "$SYMBOL" 3 --json | field orderId > "$REPORT/sell-order"
until_prints '"filledQuantity":"3"' order "$(cat "$REPORT/sell-order")" --json
until_prints "$SYMBOL" fills --order "$(cat "$REPORT/sell-order")"
outcry close "$SYMBOL" 1 --json | field orderId > "$REPORT/close-order"
until_prints "$SYMBOL" fills --order "$(cat "$REPORT/close-order")"
outcry orders --status filled --symbol "$SYMBOL" --side sell --since 1h --json | grep -q "$(cat "$REPORT/close-order")"
outcry cancel-all --side buy
outcry positions
outcry withdraw 1000.00
CODE=0
outcry withdraw 99999999.00 || CODE=$?
[ "$CODE" = 3 ]
outcry resume
outcry resume --list
# The ledger settles what has traded a moment later.
until_prints 'no holds' holds
outcry balances --json > "$REPORT/balances"
outcry statement --json --limit 1000 > "$REPORT/statement"
