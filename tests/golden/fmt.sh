#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# dkc fmt: what becomes of messy files, byte for byte; that all our own sources
# mean the same afterwards; and what it refuses, and leaves as it was.
#   UPDATE  1: take what dkc makes now as what is expected, then read the diff
. "$(dirname "$0")/../lib/tap.sh"

HERE=$TOP/tests/golden/fmt
DKC=${DKC:-$BUILD/bin/dkc}
[[ $DKC == /* ]] || DKC=$TOP/$DKC
[[ -x $DKC ]] || { not_ok "dkc is built" "$DKC is not there"; done_testing; }

# ---- messy files ----

cp -r "$HERE/messy" "$TMP/got"
cd "$TMP/got" || exit 1
mapfile -t files < <(find . -type f | sort)
run 20 "$DKC" fmt --check "${files[@]}"
is "messy files do not pass the check" "$STATUS" 1
is "and are named" "$(cat "$TMP/out")" "$(printf '%s\n' "${files[@]}")"
check "the check changes nothing" diff -r "$HERE/messy" .
run 20 "$DKC" fmt "${files[@]}"
is "they are laid out" "$STATUS" 0
if [[ ${UPDATE-} == 1 ]]; then
	cp "${files[@]}" "$HERE/want/"
fi
for file in "${files[@]}"; do
	check "${file#./} has the expected bytes" diff -u "$HERE/want/$file" \
		"$file"
done
run 20 "$DKC" fmt --check "${files[@]}"
is "what is laid out passes the check" "$STATUS" 0
is "and nothing is said" "$(cat "$TMP/out")" ""

chmod 640 init.yaml
printf '\n\n' >>init.yaml
ln -s init.yaml link.yaml
touch -d 2001-01-01 policy.psl
check "a link and a file that is fine" "$DKC" fmt link.yaml policy.psl
is "the mode stays" "$(stat -c %a init.yaml)" 640
check "a link stays a link" test -L link.yaml
check "and what it leads to is laid out" cmp "$HERE/want/init.yaml" init.yaml
is "a file that is fine is not written" \
	"$(stat -c %Y policy.psl)" "$(date -d 2001-01-01 +%s)"

# ---- our own sources ----

cd "$TOP" || exit 1
mapfile -t own < <(find apps nameserver policy tests/solutions tests/system \
	tests/decisions tests/golden/psl/good tests/golden/init/good \
	tests/golden/xdl/good -name '*.[eci]dl' -o -name '*.psl' -o \
	-name '*.yaml' 2>/dev/null | sort)
check "there are many" test "${#own[@]}" -gt 100
mapfile -t shown < <(printf '%s\n' "${own[@]}" |
	grep -E '^(apps|nameserver|policy/std)/')
check "the examples and the standard files are among them" \
	test "${#shown[@]}" -gt 30
run 60 "$DKC" fmt --check "${shown[@]}"
is "those are laid out so already" "$STATUS$(cat "$TMP/out")" 0
mkdir "$TMP/own"
cp --parents "${own[@]}" "$TMP/own"
cd "$TMP/own" || exit 1
run 60 "$DKC" fmt "${own[@]}"
is "all of them are laid out" "$STATUS" 0
run 60 "$DKC" fmt --check "${own[@]}"
is "and once is enough" "$STATUS$(cat "$TMP/out")" 0
# Rules have other lines; all else of the image is as it was.
image() { # SOLUTION FOLDER
	(cd "$2/apps/$1" && "$DKC" build -I . --init init.yaml \
		-o "$TMP/$1.dk" security.psl && "$DKC" dump "$TMP/$1.dk") |
		sed -E 's/security.psl:[0-9]+(:[0-9]+)?//; s/^(image|sha).*//; s/[0-9a-f]{64}//'
}
for solution in picture ping rogue; do
	image $solution "$TOP" >"$TMP/before"
	image $solution "$TMP/own" >"$TMP/after"
	check "$solution: there is an image" test -s "$TMP/before"
	check "$solution: its image is the same but for lines" \
		diff "$TMP/before" "$TMP/after"
done

# ---- what is refused ----

cp -r "$HERE/bad" "$TMP/bad"
cd "$TMP/bad" || exit 1
refused() { # FILE LINE:COLUMN: REGEX
	run 10 "$DKC" fmt "$1"
	is "$1 is refused" "$STATUS" 1
	has "$1: where, and why" "$TMP/out" "^$1:$2: error: .*$3"
	check "$1 is left as it was" cmp "$HERE/bad/$1" "$1"
}
refused open.psl 3:9 "found '\\{', which nothing closes"
refused close.psl 3:22 "found '\\}', which no bracket before it opens"
refused crossed.idl 3:25 "found '\\]'"
refused template.psl 3:9 "found '@' of a template"
refused condition.psl 3:1 "found '\\{' of a template"
refused word.psl 3:18 "found '\\$'"
refused text.psl 3:18 "expected '\"' to end this text"
refused comment.idl 3:11 "expected '\\*/'"
refused flow.yaml 4:1 'not YAML'
refused tab.yaml 4:1 'tab'
for i in {1..201}; do printf '('; done >deep.psl
run 10 "$DKC" fmt deep.psl
has "brackets without end are refused" "$TMP/out" \
	'^deep.psl:1:201: error: more than 200 brackets'
printf 'package a const UInt8 N = 1 <\t< 2;\n' >apart.idl
check "operators that stand apart" "$DKC" fmt apart.idl
has "are not made one" apart.idl '1< <2|1 < < 2'
wrong() { # NAME STATUS REGEX WORD...
	run 10 "$DKC" fmt "${@:4}"
	is "$1: status $2" "$STATUS" "$2"
	has "$1: it is said" "$TMP/out" "$3"
}
wrong "no file" 2 'no FILE is given'
wrong "a file of another kind" 2 'a.c is no .edl' a.c
wrong "a file that is not there" 3 'cannot read gone.psl' gone.psl
wrong "an option that there is none" 2 'unknown option --chek' --chek open.psl
done_testing
