#!/bin/sh
# Keeps, of googleapis, only what `googleapis/build/src/apis/sheets/index.js` loads. Usage: prune-googleapis.sh <node_modules>
set -eu
apis="$1/googleapis/build/src/apis"
test -f "$apis/sheets/index.js"
find "$apis" -mindepth 1 -maxdepth 1 ! -name sheets -exec rm -rf {} +
find "$1" -name '*.map' -type f -delete
