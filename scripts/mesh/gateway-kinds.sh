#!/usr/bin/env bash
# Installs the kinds of the Gateway API in the cluster that KUBECONFIG names, as Istio does not bring them and the component gateway-api
# is made of them. They come from their Go module, so `go` is needed.
set -euo pipefail
module=sigs.k8s.io/gateway-api@v1.4.0

directory=$(go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p')
[ -d "$directory/config/crd/standard" ] || { echo "$module has no config/crd/standard"; exit 1; }
kubectl apply --server-side -f "$directory/config/crd/standard"
kubectl wait --for condition=established --timeout=60s -f "$directory/config/crd/standard"
