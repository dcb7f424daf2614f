#!/bin/sh
# Creates the namespace and the search attributes on the Temporal server at TEMPORAL_ADDRESS. Safe to run again.
set -eu

# A new server needs some seconds to respond, and some more to know a new namespace.
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

ensure_search_attributes() {
  temporal operator search-attribute create --namespace default \
    --name ReplyState --type Keyword --name Sender --type Keyword --name ContactState --type Keyword
}

retry ensure_namespace
retry ensure_search_attributes
# The server knows new attributes only after some seconds. A worker that starts before then would end.
retry temporal workflow count --namespace default --query 'ReplyState="failed" OR Sender="none" OR ContactState="none"'
