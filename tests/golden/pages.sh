#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# The examples of dk-idl(5), dk-psl(5) and dk-init(5) compile, each of them, and do
# not once their end is lost; each rule, expression and key has one. What they
# need beside them is in tests/golden/pages.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"

DKC=${DKC:-$BUILD/bin/dkc}
MAN=$TOP/scripts/man
beside=$TOP/tests/golden/pages

# ---- the examples of a page: files 1, 2, ... in a folder ----

extract() { # PAGE FOLDER
	mkdir -p "$2"
	awk -v folder="$2" '
		/^\.Bd -literal/ { file = folder "/" ++n; next }
		/^\.Ed/ { file = ""; next }
		file { print > file }
	' "$MAN/$1"
	sed -i 's/\\e/\\/g; s/\\&//g; s/\\-/-/g; s/\\(dq/"/g' "$2"/*
}
for page in dk-idl dk-psl dk-init; do
	extract $page.5 "$TMP/$page"
done
examples() { # PAGE: their files, in order
	find "$TMP/$1" -maxdepth 1 -type f -name '[0-9]*' | sort -V
}
for page in dk-idl dk-psl dk-init; do
	is "$page(5): every block is an example" "$(examples $page | wc -l)" \
		"$(grep -c '^\.Bd' "$MAN/$page.5")"
done

# ---- how one of them is compiled: FILE, and what was said to $TMP/said ----

# dk-idl: the examples name each other.
file_of() { # FILE: where its declaration belongs
	sed -nE 's/^package ([a-zA-Z.]+)$/\1 idl/p
		s/^(entity|task class) ([a-zA-Z.]+)$/\2 edl/p
		s/^component ([a-zA-Z.]+)$/\1 cdl/p' "$1" | head -n 1 |
		sed 's|\.|/|g; s| |.|'
}
for file in $(examples dk-idl); do
	place=$TMP/idl/$(file_of "$file")
	mkdir -p "$(dirname "$place")"
	cp "$file" "$place"
done
declares() { # FILE
	local place
	place=$(file_of "$TMP/dk-idl/${1##*/}")
	rm -rf "$TMP/one" "$TMP/headers"
	cp -r "$TMP/idl" "$TMP/one"
	[[ -n $place ]] && cp "$1" "$TMP/one/$place" &&
		"$DKC" xdl -I "$TMP/one" -o "$TMP/headers" "$TMP/one/$place" \
			>"$TMP/said" 2>&1
}
# dk-psl: each with the page's objects.
rules() { # FILE
	local objects
	mapfile -t objects < <(examples dk-psl | xargs grep -l '^policy object' |
		grep -vxF "$(realpath "$TMP/dk-psl/${1##*/}")")
	cat "$beside/rules.psl" "${objects[@]}" "$1" >"$TMP/one.psl"
	"$DKC" build -I "$beside" -o "$TMP/one.dk" "$TMP/one.psl" \
		>"$TMP/said" 2>&1
}
# dk-init: each is a whole start list.
starts() { # FILE
	cp "$1" "$TMP/one.yaml.in"
	"$DKC" build -I "$beside" -D GREETING=hello -D MODE=test \
		--init "$TMP/one.yaml.in" -o "$TMP/one.dk" "$beside/tasks.psl" \
		>"$TMP/said" 2>&1
}

compiles() { # PAGE FILE
	case $1 in
	dk-idl) declares "$2" ;;
	dk-psl) rules "$2" ;;
	dk-init) starts "$2" ;;
	esac
}

for page in dk-idl dk-psl dk-init; do
	for file in $(examples $page); do
		name="$page(5): example ${file##*/}"
		if compiles $page "$file"; then
			ok "$name compiles"
		else
			not_ok "$name compiles"
			cat "$file" "$TMP/said" | note
		fi
		mkdir -p "$TMP/$page/lost"
		head -c -2 "$file" >"$TMP/$page/lost/${file##*/}"
		[[ $page != dk-init ]] || sed '0,/name:/s//nmae:/' "$file" \
			>"$TMP/$page/lost/${file##*/}"
		check_not "$name does not without its end" \
			compiles $page "$TMP/$page/lost/${file##*/}"
	done
done

# ---- each has one ----

shown() { # PAGE NAME TEXT...: those that are in no example
	local text page=$1 name=$2 missing=
	shift 2
	for text; do
		examples "$page" | xargs grep -qF -- "$text" ||
			missing+=" '$text'"
	done
	is "$page(5): each $name has an example" "$missing" ""
}
sources() { # FILE SED: words of the compiler's own tables
	sed -nE "$2" "$TOP/policy/$1" | sort -u
}
mapfile -t names < <(sources psl/check_call.c \
	's/^\t\{ "([a-z]+\.[a-z0-9]+)", .*/\1/p')
shown dk-psl expression "${names[@]}"
mapfile -t names < <(sources psl/check_object.c \
	's/^\t\{ MODEL_([A-Z]+), "([a-z_]+)".*/\1.\2 {/p' |
	grep -v get_uncommited | sed 's/^FLOW/session/; s/^SET/opened/
		s/^MAP/quota/; s/^RBAC/duties/; s/^MIC/integrity/')
shown dk-psl "object's rule" "${names[@]}"
shown dk-psl operator '==' '!=' ' < ' ' <= ' ' > ' ' >= ' '!' '&&' '||' '==>' \
	' + ' ' - ' ' * ' ' & ' ' | ' '~' ' (-' 'grant ()' 'deny ()' \
	'assert (' 'deny (' 'bool.assert ('
mapfile -t names < <(for file in load sandbox; do
	sed 's/{ "/\n&/g' "$TOP/policy/init/$file.c"
done | sed -nE 's/.*\{ "([a-z-]+)", read_.*/\1:/p')
shown dk-init key "${names[@]}"
mapfile -t names < <(sources xdl/parse_type.c \
	's/.*\{ "([a-z]+)", REF_[A-Z]+ \},.*/\1</p')
shown dk-idl type "${names[@]}" UInt8 UInt32 UInt64 SInt16 Handle UIntSize
done_testing
