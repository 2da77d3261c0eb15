#!/usr/bin/env bash
only=${1//[!aeiouAEIOU]/}
echo "${#only}"
