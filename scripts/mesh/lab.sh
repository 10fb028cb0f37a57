#!/usr/bin/env bash
# Boots a cluster with Istio, brings the system up in it, runs the mesh tests, and takes everything down again. Exit code 0 only when
# all of it passed.
#   OUTCRY_LAB   the folder of the lab: a cluster in commands (up, env, base-images, build-image, down); see k8s/README.md
#   --keep       leaves the cluster running
set -euo pipefail
: "${OUTCRY_LAB:?names the folder of the lab}"
OUTCRY_LAB=$(cd "$OUTCRY_LAB" && pwd)
cd "$(dirname "$0")/../.."

began=$SECONDS
step() { printf 'lab: %4d s  %s\n' "$((SECONDS - began))" "$*"; }
log=$(mktemp)

explain() {
  step "failed; the last of its log, the pods, and what the services warn of:"
  tail -n 40 "$log"
  kubectl -n outcry get pods 2>/dev/null || true
  for service in $(kubectl -n outcry get deployments,statefulsets -o name 2>/dev/null); do
    kubectl -n outcry logs "$service" -c service --tail=2000 2>/dev/null |
      grep -E '"level":"(warn|error|fatal)"' | tail -n 3 | cut -c1-300 || true
  done
}

finish() {
  code=$?
  [ "$code" = 0 ] || explain
  # shellcheck disable=SC2046
  kill $(jobs -p) 2>/dev/null || true
  [ "${keep:-}" = 1 ] || "$OUTCRY_LAB/down" >>"$log" 2>&1 || true
  rm -rf "$log" "${overlay:-}"
  step "stopped"
  exit "$code"
}
[ "${1:-}" != --keep ] || keep=1
trap finish EXIT

"$OUTCRY_LAB/up" >>"$log" 2>&1
# shellcheck disable=SC1090
. <("$OUTCRY_LAB/env")
step "cluster and Istio"
scripts/mesh/gateway-kinds.sh >>"$log" 2>&1
step "kinds of the Gateway API"

# PostgreSQL's image has nothing to do with ours, so both are made at once.
"$OUTCRY_LAB/base-images" postgres >>"$log" 2>&1 &
postgres=$!
NODE_IMAGES=node:24-bookworm-slim "$OUTCRY_LAB/base-images" node distroless >>"$log" 2>&1
step "base images"
"$OUTCRY_LAB/build-image" outcry/services:dev -f Dockerfile . >>"$log" 2>&1
wait "$postgres"
step "image"

npm run --silent mesh:up -- --no-build
step "system"
npm run --silent test:mesh
step "tests"

# One service alone is given to Argo Rollouts: ten at once change beside each other, which two cores do not carry.
"$OUTCRY_LAB/extra" prometheus rollouts >>"$log" 2>&1
kubectl label namespace istio-system outcry.dev/scrapes-metrics=true --overwrite >>"$log"
overlay=$(mktemp -d)
from_overlay() { realpath --relative-to="$(realpath "$overlay")" "$1"; }
cat >"$overlay/kustomization.yaml" <<EOF
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: outcry
resources: [$(from_overlay k8s/overlays/laptop)]
components: [$(from_overlay istio/canary-argo-rollouts/order)]
EOF
npm run --silent mesh:up -- --overlay "$overlay" --no-build
kubectl -n outcry wait --for=jsonpath='{.status.phase}'=Healthy rollout/order --timeout=300s >>"$log"
step "Argo Rollouts has the order service"
npm run --silent test:mesh -- canary-argo-rollouts --all
step "a canary by Argo Rollouts"
