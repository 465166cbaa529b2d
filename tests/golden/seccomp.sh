#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# dkc seccomp, and what dkc diff says of system calls, against goldens. UPDATE=1
# rewrites them: read the difference.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"

DKC=${DKC:-$BUILD/bin/dkc}
cd "$TOP/tests/golden/init" || exit 1

build() { # IMAGE START-LIST
	"$DKC" build -I ../psl/idl \
		--init "$2" -o "$TMP/$1.dk" solution.psl 2>"$TMP/said" && return
	not_ok "$2 compiles"
	note <"$TMP/said"
}

same() { # NAME GOLDEN
	if [[ -n ${UPDATE-} ]]; then
		cp "$TMP/out" "../seccomp/$2"
		ok "$1"
	elif diff -u "../seccomp/$2" "$TMP/out" >"$TMP/diff"; then
		ok "$1"
	else
		not_ok "$1"
		head -60 "$TMP/diff" | note
	fi
}

asked() { # NAME STATUS ARGUMENT...
	"$DKC" "${@:3}" >"$TMP/out" 2>"$TMP/said"
	is "$1: the exit status" $? "$2"
}

build echo good/echo.yaml
build limits good/limits.yaml
for class in echo.Client echo.Server; do
	asked "the filter of $class" 0 seccomp "$TMP/limits.dk" $class
	same "the filter of $class" $class.txt
done

refused() { # NAME STATUS SAID ARGUMENT...
	asked "${@:1:2}" seccomp "${@:4}"
	is "$1: nothing is printed" "$(cat "$TMP/out")" ""
	has "$1: what is said" "$TMP/said" "$3"
}
refused "a class that is not there" 1 "the image has no class echo.Nobody" \
	"$TMP/echo.dk" echo.Nobody
"$DKC" build -I ../psl/idl \
	-o "$TMP/none.dk" solution.psl
refused "a class without programs" 1 "no program of class echo.Client" \
	"$TMP/none.dk" echo.Client
refused "no class" 2 "an image and a class are to be given" "$TMP/echo.dk"
refused "two classes" 2 "more than an image and a class" \
	"$TMP/echo.dk" echo.Client echo.Server
refused "an image that is not there" 3 "cannot read" "$TMP/x.dk" echo.Client
head -c 200 "$TMP/echo.dk" >"$TMP/broken.dk"
refused "an unsound image" 1 "not a sound image" "$TMP/broken.dk" echo.Client

# ---- dkc diff ----

differ() { # NAME STATUS OLD NEW [OPTION...]
	asked "$1" "$2" diff "${@:5}" "$TMP/$3.dk" "$TMP/$4.dk"
}
differ "programs that may do more" 1 echo limits
same "programs that may do more, for people" gained.txt
differ "programs that may do more, for scripts" 1 echo limits --json
same "programs that may do more, for scripts" gained.json
differ "programs that may do less" 4 limits echo
same "programs that may do less" lost.txt
differ "programs where none were" 1 none echo
differ "the same programs" 0 echo echo
is "and no call is named" "$(cat "$TMP/out")" "no verdict can change"
done_testing
