# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# A small solution for a test, in seconds. After lib/tap.sh:
#   solution_programs DIR OUT   compiles every NAME.c or NAME.cpp of DIR to
#                               OUT/NAME, with the headers of the .edl, .cdl and
#                               .idl below DIR; a common_*.c belongs to each
#   solution_image DIR OUT.dk PSL YAML [-D...]
#   lab                         the programs of tests/system/lab, once for all
# Everything is compiled as the Makefile does it for the examples.

# shellcheck source=tests/lib/rootless.sh
. "$TOP/tests/lib/rootless.sh"
DKC=${DKC:-$BUILD/bin/dkc}

solution_programs() { # DIR OUT
	local dir=$1 out=$2 source name compiler
	local -a sources common
	mkdir -p "$out" "$out/gen" || return 1
	mapfile -t sources < <(cd "$dir" && find . -name '*.edl' -o \
		-name '*.cdl' -o -name '*.idl' | sed 's,^\./,,' | sort)
	(cd "$dir" && "$DKC" xdl -I . -o "$out/gen" "${sources[@]}") || return 1
	mapfile -t common < <(find "$dir" -maxdepth 1 -name 'common_*.c')
	for source in "$dir"/*.c "$dir"/*.cpp; do
		name=$(basename "${source%.c*}")
		[[ -e $source && $name != common_* ]] || continue
		compiler="${CC:-gcc} -std=gnu17"
		[[ $source == *.c ]] || compiler="${CXX:-g++} -std=c++17"
		# shellcheck disable=SC2086 # words of a command
		$compiler -O1 -g -Wall -Wextra -D_GNU_SOURCE -fPIE -static-pie \
			-I "$out/gen" -I "$BUILD/include" \
			-o "$out/$name" "$source" "${common[@]}" \
			"$BUILD/lib/libdk.a" || return 1
	done
	cp "$BUILD/bin/NameServer" "$out/NameServer"
}

solution_image() { # DIR OUT.dk PSL YAML [OPTION...]
	local dir=$1 out=$2 psl=$3 yaml=$4
	shift 4
	"$DKC" build -I "$dir" "$@" --init "$yaml" -o "$out" "$psl"
}

# The lab's programs in $LAB, compiled again only when something is newer.
LAB_SOURCES=$TOP/tests/system/lab
LAB=$BUILD/tests/lab
lab() {
	if [[ ! -e $LAB/done || -n $(find "$LAB_SOURCES" "$BUILD/lib/libdk.a" \
		"$BUILD/bin/dkc" "$BUILD/bin/NameServer" \
		-newer "$LAB/done" -print -quit) ]]; then
		rm -rf "$LAB"
		solution_programs "$LAB_SOURCES" "$LAB" >"$TMP/lab.out" 2>&1 || {
			not_ok "the lab's programs compile"
			note <"$TMP/lab.out"
			printf '1..%d\n' "$TAP_N"
			exit 1
		}
		touch "$LAB/done"
	fi
}

# The program that uses things up, beside the lab's own; OPTIONs of the linker.
bomb() { # [NAME OPTION...]
	local name=${1-bomb}
	shift $(($# > 0))
	[[ $# -gt 0 ]] || set -- -fPIE -static-pie
	check "$name compiles" "${CC:-gcc}" -std=gnu17 -O1 -Wall -Wextra \
		-Werror -D_GNU_SOURCE -pthread -o "$LAB/$name" \
		"$TOP/tests/lib/bomb.c" "$@"
}

# lab_image NAME: makes $TMP/NAME.dk from $TMP/NAME.yaml and $TMP/NAME.psl.
lab_image() {
	if ! solution_image "$LAB_SOURCES" "$TMP/$1.dk" "$TMP/$1.psl" \
		"$TMP/$1.yaml" >"$TMP/$1.dkc" 2>&1; then
		not_ok "the solution $1 compiles"
		note <"$TMP/$1.dkc"
		return 1
	fi
}

# lab_run NAME LIMIT_S [OPTION...]: makes the image and runs it; see run.
lab_run() {
	local name=$1 limit=$2
	shift 2
	: >"$TMP/out"
	STATUS=125
	lab_image "$name" || return 1
	run "$limit" "$DK" run --bin "$LAB" --grace 500 "$@" "$TMP/$name.dk"
	cp "$TMP/out" "$TMP/$name.out"
	# The daemon's own book-keeping: charges that did not go back to zero.
	if grep -q '^dkd: BUG' "$TMP/out"; then
		not_ok "$name: every charge is returned"
		grep '^dkd: BUG' "$TMP/out" | note
	fi
}

# lab_policy NAME [RULES]: a policy for the lab that grants everything; with an
# input of rules, those and the starts alone.
lab_policy() { # NAME all|rules
	{
		cat <<-'PSL'
		use nk.base._
		use nk.basic._
		use EDL kl.core.Core
		use EDL kl.core.NameServer
		use EDL Einit
		use EDL lab.Client
		use EDL lab.Other
		use EDL lab.Server
		execute { grant () }
		PSL
		if [[ $2 == all ]]; then
			echo 'request { grant () }'
			echo 'response { grant () }'
			echo 'error { grant () }'
		else
			cat
		fi
	} >"$TMP/$1.psl"
}

# said NAME TASK REGEX: a line that TASK printed in the last lab_run matches.
said() {
	has "$1" "$TMP/out" "^\\[$2\\] .*$3"
}

said_not() {
	has_not "$1" "$TMP/out" "^\\[$2\\] .*$3"
}
