#!/usr/bin/env bash
# The system on a cluster of kind, on this machine. It needs docker, kind, kubectl and istioctl, and 6 GB of memory.
#   scripts/mesh/kind.sh all      create, up, test, delete; exit code 0 only when all of it passed
#   scripts/mesh/kind.sh create   makes the cluster and installs Istio with its ingress
#   scripts/mesh/kind.sh up       builds the image, loads it into the cluster, applies k8s/overlays/kind
#   scripts/mesh/kind.sh test     runs the mesh tests through a forwarded port
#   scripts/mesh/kind.sh delete   deletes the cluster
#   scripts/mesh/kind.sh build NAME ...   builds an image and loads it: what `up` gives to mesh:up as its command
#   OUTCRY_KIND_CLUSTER   the name of the cluster (default: outcry)
#   OUTCRY_INGRESS_PORT   the port of this machine that `test` forwards to the ingress (default: 18080)
set -euo pipefail
cd "$(dirname "$0")/../.."

cluster="${OUTCRY_KIND_CLUSTER:-outcry}"
port="${OUTCRY_INGRESS_PORT:-18080}"

need() {
  for program in "$@"; do
    command -v "$program" >/dev/null || { echo "kind.sh: $program is not installed" >&2; exit 1; }
  done
}

# A file of its own, so that no other cluster is ever touched.
use_cluster() {
  export KUBECONFIG="${TMPDIR:-/tmp}/outcry-kind-$cluster.kubeconfig"
  kind get kubeconfig --name "$cluster" >"$KUBECONFIG"
}

create() {
  need docker kind kubectl istioctl
  kind create cluster --name "$cluster" --wait 180s
  use_cluster
  # The default profile has the ingress gateway; its requests are for larger machines than this one.
  istioctl install -y --set profile=default \
    --set values.pilot.resources.requests.cpu=100m --set values.pilot.resources.requests.memory=256Mi \
    --set values.gateways.istio-ingressgateway.resources.requests.cpu=50m \
    --set values.gateways.istio-ingressgateway.resources.requests.memory=64Mi
}

build() {
  need docker kind
  docker build -t "$@"
  kind load docker-image "$1" --name "$cluster"
}

up() {
  need docker kind kubectl
  use_cluster
  OUTCRY_BUILD_IMAGE="scripts/mesh/kind.sh build" npm run --silent mesh:up -- --overlay k8s/overlays/kind
}

test() {
  need kind kubectl
  use_cluster
  kubectl -n istio-system port-forward service/istio-ingressgateway "$port:443" >/dev/null &
  forward=$!
  trap 'kill "$forward" 2>/dev/null || true' EXIT
  local tries=0
  until curl --silent --insecure --output /dev/null "https://127.0.0.1:$port/"; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { echo "kind.sh: the ingress does not answer" >&2; exit 1; }
    sleep 1
  done
  OUTCRY_INGRESS_URL="https://127.0.0.1:$port" npm run --silent test:mesh
}

delete() {
  need kind
  kind delete cluster --name "$cluster"
}

explain() {
  kubectl get pods -A || true
  kubectl -n outcry get events --field-selector type=Warning | tail -n 20 || true
}

all() {
  trap delete EXIT
  create
  (up) || { explain; exit 1; }
  (test) || { explain; exit 1; }
}

case "${1:-}" in
  all | create | up | test | delete) "$1" ;;
  build) shift && build "$@" ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
