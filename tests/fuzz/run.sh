#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# limit: 600
#
# usage: tests/fuzz/run.sh [--why-not] [TARGET...]
#
# Runs the fuzz targets, all or those named, on their seeds and on what libFuzzer
# makes of them, two at a time. Prints TAP, a test for each target.
#   FUZZ_SECONDS   how long each; without it 20 s, from a fixed seed
#   --why-not      says what is missing and succeeds, or fails if nothing is
# An input that is a finding is kept in $BUILD/fuzz/found.
set -u

# A compiler with libFuzzer and the sanitizers?
why_not() {
	local folder
	command -v clang >/dev/null || {
		echo "clang is not installed (scripts/setup --fuzz)"
		return 0
	}
	folder=$(mktemp -d) || exit 1
	echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void)
	{ return 0; }' >"$folder/t.c"
	if clang -fsanitize=fuzzer,address,undefined -o "$folder/t" \
		"$folder/t.c" >/dev/null 2>&1; then
		rm -rf "$folder"
		return 1
	fi
	rm -rf "$folder"
	echo "clang has no libFuzzer or sanitizers (scripts/setup --fuzz)"
}
if [[ ${1-} == --why-not ]]; then
	if why_not; then exit 1; else exit 0; fi
fi

. "$(dirname "$0")/../lib/tap.sh"
cd "$TOP" || exit 1

# The row of attacks, a target, the longest input, its dictionary. C9: what those
# write who run the machine; C8: what programs send.
table='
C9  edl       2048  xdl
C9  cdl       2048  xdl
C9  idl       4096  xdl
C9  psl       4096  psl
C9  pal       2048  psl
C9  init      4096  yaml
C9  fmt       2048  psl
C9  regex      256  regex
C9  template  2048  template
C9  image    32768
C8  body      4096
C8  frame     1024
C8  hello     1024
C8  answer    2048
C8  mediator  2048
C8  control   1024
'

# What the build has is as good a seed as what is in tests/fuzz/seeds.
seed_from() { # FOLDER FILE...
	local folder=$1 file
	shift
	for file; do
		cp "$file" "$folder/$(tr / _ <<<"${file#"$TOP"/}")"
	done
}
# The name of a package or class becomes the one that the target compiles.
rename_in() { # NAME FILE...
	local name=$1
	shift
	sed -Ei "0,/^(package|entity|component|task class)[[:space:]]/ \
s/^(package|entity|component|task class)([[:space:]]+)[A-Za-z_0-9.]+/\1\2$name/" "$@"
}
# A policy that needs others beside it gives no seed.
to_image() { # FOLDER POLICY [START]
	"$BUILD/bin/dkc" build -I tests/golden/psl/idl -I tests/golden/psl \
		-I tests/decisions -I tests/fuzz/solution ${3:+--init "$3"} \
		-o "$1/$(tr / _ <<<"${3:-$2}").dk" "$2" 2>/dev/null
}
make_seeds() { # TARGET FOLDER
	local file files event n
	mkdir -p "$2"
	case $1 in
	edl | cdl | idl)
		mapfile -t files < <(find apps policy tests/golden \
			tests/fuzz/solution -name "*.$1")
		seed_from "$2" "${files[@]}"
		case $1 in
		edl) rename_in fuzz.Server "$2"/* ;;
		cdl) rename_in fuzz.Part "$2"/* ;;
		idl) rename_in fuzz.Face "$2"/* ;;
		esac
		;;
	psl)
		mapfile -t files < <(find apps policy tests/golden \
			tests/decisions -name '*.psl')
		seed_from "$2" "${files[@]}"
		;;
	pal)	# the first byte says what it is
		for file in tests/golden/pal/*/*.psl; do
			{ printf t && sed -n '/^assert/,$p' "$file"; } \
				>"$2/$(basename "$file")"
		done
		n=0
		while read -r _ event; do
			printf '%x%s' $((n % 13)) "$event" >"$2/event-$n"
			n=$((n + 1))
		done < <(cat tests/golden/explain/*.events)
		;;
	init)
		mapfile -t files < <(find apps tests/golden -name '*.yaml')
		seed_from "$2" "${files[@]}"
		;;
	fmt)	# the first byte is the language
		for file in tests/golden/fmt/messy/* tests/golden/fmt/bad/*; do
			case $file in
			*.psl) printf 0 ;;
			*.idl) printf 1 ;;
			*.[ec]dl) printf 2 ;;
			*.yaml) printf 3 ;;
			esac | cat - "$file" >"$2/$(basename "$file")"
		done
		;;
	template)
		mapfile -t files < <(find tests/golden/template -name '*.psl' \
			-o -name '*.in')
		seed_from "$2" "${files[@]}"
		;;
	image)
		for file in tests/golden/psl/good/*.psl tests/decisions/*.psl \
			tests/fuzz/solution/*.psl; do
			to_image "$2" "$file"
		done
		for file in tests/golden/init/good/*.yaml; do
			to_image "$2" tests/golden/init/solution.psl "$file"
		done
		to_image "$2" tests/fuzz/solution/security.psl \
			tests/fuzz/solution/init.yaml
		;;
	esac
	[[ -d tests/fuzz/seeds/$1 ]] && seed_from "$2" "tests/fuzz/seeds/$1"/*
	return 0
}

fuzz() { # TARGET LENGTH DICTIONARY: to $TMP/TARGET.log and .status
	local target=$1 status=127
	local options=("-max_len=$2" -timeout=10 -rss_limit_mb=2048
		-print_final_stats=1 "-artifact_prefix=$TMP/found-$target-"
		"-max_total_time=${FUZZ_SECONDS:-20}")
	make_seeds "$target" "$TMP/seeds/$target"
	mkdir -p "$TMP/new/$target" "$TMP/tmp/$target"
	[[ -z ${3-} ]] || options+=("-dict=tests/fuzz/$3.dict")
	[[ -n ${FUZZ_SECONDS-} ]] || options+=(-seed=1)
	TMPDIR=$TMP/tmp/$target "$BUILD/fuzz/bin/fuzz-$target" \
		"${options[@]}" "$TMP/new/$target" "$TMP/seeds/$target" \
		>"$TMP/$target.log" 2>&1 </dev/null
	status=$?
	echo "$status" >"$TMP/$target.status"
}

report() { # TARGET
	local target=$1 status found n
	local name="${rows[$target]}_$target finds nothing"
	status=$(<"$TMP/$target.status")
	found=$(find "$TMP" -maxdepth 1 -name "found-$target-*" | head -n 1)
	if [[ $status == 0 && -z $found ]] &&
		grep -q '^Done [1-9]' "$TMP/$target.log"; then
		n=$(find "$TMP/seeds/$target" -type f | wc -l)
		ok "$name"
		note "$n seeds, $(sed -n 's/^Done //p' "$TMP/$target.log")"
		return
	fi
	mkdir -p "$BUILD/fuzz/found"
	for found in "$TMP/found-$target"-*; do
		[[ -f $found ]] || continue
		mv "$found" "$BUILD/fuzz/found/${found##*/found-}"
		note "kept: $BUILD/fuzz/found/${found##*/found-}"
	done
	not_ok "$name" "status $status"
	grep -v '^#[0-9]' "$TMP/$target.log" | cut -c 1-400 | head -n 50 | note
}

if reason=$(why_not); then
	skip_all "fuzz" "$reason"
fi
# Else five targets would see errors only.
for policy in security rules; do
	check "the solution's $policy.psl compiles" "$BUILD/bin/dkc" build \
		-I tests/fuzz/solution --init tests/fuzz/solution/init.yaml \
		-o "$TMP/solution.dk" "tests/fuzz/solution/$policy.psl"
done
targets=()
declare -A rows
while read -r row target length dictionary; do
	[[ -n $target ]] || continue
	[[ $# == 0 || " $* " == *" $target "* ]] || continue
	targets+=("$target")
	rows[$target]=$row
	while [[ $(jobs -rp | wc -l) -ge 2 ]]; do
		wait -n
	done
	fuzz "$target" "$length" "$dictionary" &
done <<<"$table"
wait
for target in "${targets[@]}"; do
	report "$target"
done
done_testing
