#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# The C headers that dkc makes of EDL, CDL and IDL, byte for byte; that C and
# C++ compilers take them without a word; and what it says about bad sources.
#   DKC     the compiler, by default $BUILD/bin/dkc
#   UPDATE  1: take what dkc says now as what is expected, then read the diff
. "$(dirname "$0")/../lib/tap.sh"

HERE=$TOP/tests/golden/xdl
DKC=${DKC:-$BUILD/bin/dkc}
[[ $DKC == /* ]] || DKC=$TOP/$DKC
[[ -x $DKC ]] || { not_ok "dkc is built" "$DKC is not there"; done_testing; }

# The public headers, as they are installed.
mkdir -p "$TMP/include/dk"
cp -r "$TOP/apps/lib/include/." "$TMP/include"
cp "$TOP/kernel/abi/layout.h" "$TMP/include/dk/layout.h"

# ---- good sources ----
cd "$HERE/good" || exit 1
mapfile -t sources < <(find . -name '*.[eci]dl' | sort)
check "good sources compile" "$DKC" xdl -I . -o "$TMP/got" "${sources[@]}"
if [[ ${UPDATE-} == 1 ]]; then
	rm -rf "$HERE/want"
	cp -r "$TMP/got" "$HERE/want"
fi
mapfile -t headers < <(cd "$HERE/want" && find . -name '*.h' | sort)
for header in "${headers[@]}"; do
	check "${header#./} has the expected bytes" \
		diff -u "$HERE/want/$header" "$TMP/got/$header"
done
is "no other header is written" \
	"$(cd "$TMP/got" && find . -type f | sort)" "$(printf '%s\n' "${headers[@]}")"

mkdir -p "$TMP/one"
check "one class brings all that it needs" \
	"$DKC" xdl -I . -o "$TMP/one" shop/Shop.edl
check "and nothing else" test ! -e "$TMP/one/Plain.idl.h" \
	-a -e "$TMP/one/all/Numbers.idl.h"
touch -d '2001-01-01' "$TMP/one/echo/Ping.idl.h"
"$DKC" xdl -I . -o "$TMP/one" shop/Shop.edl
is "a header with the right bytes is left alone" \
	"$(stat -c %Y "$TMP/one/echo/Ping.idl.h")" "$(date -d 2001-01-01 +%s)"
check "a file may be named from elsewhere" env -C / "$DKC" xdl \
	-I "$HERE/good" -o "$TMP/one" "$HERE/good/echo/Server.edl"

# ---- the headers in C and C++ ----
strict=(-Wall -Wextra -Wpedantic -Werror "-I$TMP/include" "-I$TMP/got" -c
	-o /dev/null)
compile() { # NAME SOURCE COMPILER...
	local name=$1 source=$2
	shift 2
	if command -v "$1" >/dev/null; then
		check "$name" "$@" "${strict[@]}" "$source"
	else
		skip "$name" "$1 is not installed"
	fi
}
for header in "${headers[@]}"; do
	header=${header#./}
	echo "#include <$header>" >"$TMP/alone.c"
	{
		echo '#define NK_USE_UNQUALIFIED_NAMES'
		echo "#include <$header>"
	} >"$TMP/short.c"
	for compiler in gcc clang; do
		compile "$compiler takes $header alone" "$TMP/alone.c" \
			$compiler -std=c17 -O2 -Wshadow -Wstrict-prototypes
		compile "$compiler takes $header with short names" \
			"$TMP/short.c" $compiler -std=c17
	done
	compile "g++ takes $header alone" "$TMP/alone.c" \
		g++ -std=c++17 -x c++
done
for use in "$HERE"/use/*.c; do
	for compiler in gcc clang; do
		compile "$compiler takes use/$(basename "$use")" "$use" \
			$compiler -std=c17 -O2
	done
done
lib=$BUILD/lib/libdk.a
if [[ -f $lib ]] && gcc -std=c17 -O2 -Wall -Wextra -Wpedantic -Werror \
	"-I$TMP/include" "-I$TMP/got" "$HERE/use/loop.c" "$lib" -pthread \
	${SANITIZE:+-fsanitize=undefined -fsanitize-undefined-trap-on-error} \
	-o "$TMP/loop"; then
	check "what a proxy sends, a dispatch takes apart" "$TMP/loop"
else
	not_ok "what a proxy sends, a dispatch takes apart" "it does not link"
fi

# ---- bad sources ----
cd "$HERE/bad" || exit 1
for source in *.[eci]dl *.txt; do
	rm -rf "$TMP/none"
	run 20 "$DKC" xdl -I . -o "$TMP/none" "$source"
	[[ ${UPDATE-} != 1 ]] || cp "$TMP/out" "$source.err"
	name="${source} is refused as expected"
	if [[ $STATUS != 1 ]]; then
		not_ok "$name" "status $STATUS"
	elif [[ -e $TMP/none ]]; then
		not_ok "$name" "something was written"
	elif ! diff -u "$source.err" "$TMP/out" >"$TMP/diff" 2>&1; then
		not_ok "$name"
		note <"$TMP/diff"
	else
		ok "$name"
	fi
done
check_not "a missing file is refused" \
	"$DKC" xdl -I . -o "$TMP/none" no_such_file.idl
check_not "a file below no include directory is refused" \
	"$DKC" xdl -I lib -o "$TMP/none" wrong_name.idl
run 20 "$DKC" xdl -I ../good -o /dev/null/x ../good/echo/Ping.idl
is "a folder that cannot be made is an error of its own status" "$STATUS" 3

done_testing
