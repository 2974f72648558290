#!/bin/sh
# Reads the accuracy as data: one decimal number, or the run may not be scored.
read -r accuracy < "$1/accuracy"
case $accuracy in
'' | *[!0-9.]*) echo '{"valid": false, "reason": "no accuracy"}' >&3 ;;
*) echo "{\"metrics\": {\"accuracy\": $accuracy}}" >&3 ;;
esac
