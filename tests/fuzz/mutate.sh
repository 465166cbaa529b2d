#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# usage: tests/fuzz/mutate.sh [TARGET...]
#
# Do the targets find anything? Takes away one check after another (the file
# `mutants`) in a copy of the checkout and runs the target as `make check` does.
# Takes minutes; no part of `make check`.
set -u
cd "$(dirname "$0")/../.." || exit 1
copy=$(mktemp -d) || exit 1
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard |
	xargs -0 cp --parents -t "$copy"
cd "$copy" || exit 1
make -s programs fuzzers >"$copy.log" 2>&1 || { cat "$copy.log"; exit 1; }
missed=0
while read -r target file change; do
	[[ -n $target && $target != \#* ]] || continue
	[[ $# == 0 || " $* " == *" $target "* ]] || continue
	cp "$file" "$copy/kept"
	sed -i "$change" "$file"
	if cmp -s "$file" "$copy/kept"; then
		verdict="changes nothing"
	elif ! make -s fuzzers >"$copy.log" 2>&1; then
		verdict="does not compile"
	elif tests/fuzz/run.sh "$target" >"$copy.log" 2>&1; then
		verdict=MISSED
	else
		verdict=noticed
	fi
	[[ $verdict == noticed ]] || missed=$((missed + 1))
	printf '%-16s %-7s %s %s\n' "$verdict" "$target" "$file" "$change"
	cp "$copy/kept" "$file"
done <tests/fuzz/mutants
rm -f "$copy.log"
[[ $missed == 0 ]]
