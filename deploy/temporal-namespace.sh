#!/bin/sh
# Gives the Temporal server at TEMPORAL_ADDRESS what Answerback needs. Safe to run again.
set -eu

# A new server takes some seconds to answer, and some more to know a new namespace.
retry() {
  attempt=1
  until "$@"; do
    [ "$attempt" -lt 30 ] || return 1
    attempt=$((attempt + 1))
    sleep 2
  done
}

ensure_namespace() {
  temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
    temporal operator namespace create --namespace default --retention 30d
}

ensure_search_attribute() {
  temporal operator search-attribute create --namespace default --name ReplyState --type Keyword
}

retry ensure_namespace
retry ensure_search_attribute
# The server knows a new attribute some seconds later, and a worker that asks for it before does not start.
retry temporal workflow count --namespace default --query 'ReplyState="failed"'
