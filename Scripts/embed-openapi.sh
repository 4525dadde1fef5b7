#!/bin/sh
# Writes openapi.yaml into the server, which serves it at /openapi.yaml. Run it after every change of openapi.yaml.
set -eu
cd "$(dirname "$0")/.."
out=Sources/GovernorHTTP/Routes/OpenAPIText.swift
{
    echo '// Generated from openapi.yaml by Scripts/embed-openapi.sh; a test holds the two equal.'
    echo '// swift-format-ignore-file'
    echo 'package let openAPIText = ##"""'
    cat openapi.yaml
    # The literal ends before its last line break, so one more makes it whole.
    echo
    echo '"""##'
} > "$out"
