#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# The manual pages and the completion say what --help says: each option, command
# and exit status, no more and no less.
set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

MAN=$TOP/scripts/man
PATH=$BUILD/bin:$PATH
words() { # one a line, sorted, to a line
	sort -u | tr '\n' ' '
}

# ---- what each of them says ----

# Options in a text: `--word`, `-X`, not within a word.
options() {
	grep -oE '(^|[[:space:]|[])--?[A-Za-z][a-z-]*' | grep -oE -- '-.*' | words
}
help_options() { # COMMAND...
	"$@" --help | options
}
# Those that a page explains, in SECTION (.Ss) of it or in all of it.
page_options() { # PAGE [SECTION]
	awk -v section="${2-}" '
		/^\.S[hs] / { inside = section == "" || $2 == section }
		inside && /^\.It Fl / { print "-" $3 }
	' "$MAN/$1" | words
}
# Those that it names anywhere.
page_names() { # PAGE
	grep -E '^\.(.* )?Fl ' "$MAN/$1" | sed -E 's/.*Fl //; s/ Ar .*//' |
		tr ' ' '\n' | grep -E '^-?[A-Za-z]' | sed 's/^/-/' | words
}
for page in dkd.8 dk.1 dkc.1; do
	is "$page names no option that it does not explain" \
		"$(page_names $page)" "$(page_options $page)"
done
for page in dk-idl.5 dk-init.5 dk-psl.5; do
	is "$page names no option that dkd(8) and dkc(1) do not explain" \
		"$(comm -23 <(page_names $page | tr ' ' '\n') \
		<({ page_options dkd.8; page_options dkc.1; } | tr ' ' '\n' |
			sort -u))" ""
done
# Numbers at the beginning of lines, and behind "Exit status:" in a sentence.
help_statuses() { # COMMAND...
	"$@" --help | awk '
		/Exit status/ { inside = 1; sub(/.*Exit status[^:]*:/, ", ") }
		inside
	' | grep -oE '(^ *|, +)[0-9]+ ' | grep -oE '[0-9]+' | words
}
page_statuses() { # PAGE
	awk '/^\.Sh / { inside = /EXIT STATUS/ } inside && /^\.It / { print $2 }' \
		"$MAN/$1" | words
}
# What bash offers for a line, the last word of which is begun.
offered() { # WORD...
	bash -c '
		. "$1/scripts/completion.bash"
		shift
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		_$1
		printf "%s\n" "${COMPREPLY[@]}"
	' _ "$TOP" "$@" | words
}

# ---- dkd ----

is "dkd(8): its options are those of dkd --help" \
	"$(page_options dkd.8)" "$(help_options dkd)"
is "dkd(8): its exit statuses are those of dkd --help" \
	"$(page_statuses dkd.8)" "$(help_statuses dkd)"
is "bash offers the options of dkd" "$(offered dkd -)" "$(help_options dkd)"
has "dkd(8) warns of arguments, which everybody can read" "$MAN/dkd.8" \
	'/proc'
is "the options of dk run are those of dkd" \
	"$(help_options dk run)" "$(help_options dkd)"
is "bash offers them too" "$(offered dk run -)" "$(help_options dkd)"

# ---- dk ----

commands() { # PROGRAM: those that its --help names
	"$1" --help | sed -nE "s/^(usage:)? +$1 ([a-z]+) .*/\\2/p" | words
}
is "dk(1): its commands are those of dk --help" \
	"$(sed -n 's/^\.Ss //p' "$MAN/dk.1" | words)" "$(commands dk)"
dk_helps() {
	local command
	for command in $(commands dk); do
		[[ $command == run ]] || dk "$command" --help
	done
}
is "dk(1): its options are those of dk --help and of its commands" \
	"$(page_options dk.1)" \
	"$({ dk --help; dk_helps; } | sed '/^The options of/,/^$/d' | options)"
is "dk(1): its exit statuses are those of --help of its commands" \
	"$(page_statuses dk.1)" \
	"$({ help_statuses dk new; help_statuses dk ps; } | tr ' ' '\n' |
		grep . | sort -u | tr '\n' ' ')"
is "bash offers the commands of dk" "$(offered dk '')" \
	"$({ commands dk | tr ' ' '\n' | grep .; echo --help; echo --version; } |
		words)"
for command in $(commands dk); do
	[[ $command != run ]] || continue
	is "bash offers the options of dk $command" \
		"$(offered dk "$command" -)" "$(help_options dk "$command")"
done

# ---- dkc ----

# `dkc COMMAND --help` need not name itself.
dkc_options() { # COMMAND
	{ dkc "$1" --help | sed '/^Exit status/,$d' | options | tr ' ' '\n' |
		grep .; [[ -z ${2-} ]] || echo "$2"; } | words
}
is "dkc(1): its commands are those of dkc --help" \
	"$(sed -n 's/^\.Ss //p' "$MAN/dkc.1" | words)" "$(commands dkc)"
is "bash offers the commands of dkc" "$(offered dkc '')" \
	"$({ commands dkc | tr ' ' '\n' | grep .; echo --help; echo --version; } |
		words)"
for command in $(commands dkc); do
	is "dkc(1): the options of dkc $command are those of its --help" \
		"$(page_options dkc.1 "$command")" "$(dkc_options "$command")"
	is "bash offers the options of dkc $command" \
		"$(offered dkc "$command" -)" "$(dkc_options "$command" --help)"
done
is "dkc(1): its exit statuses are those of dkc --help" \
	"$(page_statuses dkc.1)" "$(help_statuses dkc)"

# ---- files that bash offers ----

mkdir "$TMP/files" "$TMP/files/folder"
touch "$TMP/files"/{a.dk,a.psl,a.yaml,a.idl,"a b.dk",other}
cd "$TMP/files" || exit 1
files() { # NAME EXPECTED WORD...
	is "bash offers $1" "$(offered "${@:3}")" "$2"
}
files "images to dkd" "a b.dk a.dk folder " dkd ''
files "images to dk run" "a b.dk a.dk folder " dk run a.dk ''
files "images to dk selftest" "a b.dk a.dk folder " dk selftest ''
files "folders to --bin" "folder " dkd --bin ''
files "folders to --bin=" "folder " dkd --bin = ''
files "nothing to --wait" " " dkd --wait ''
files "start lists to --init" "a.yaml folder " dkc build --init ''
files "policies to dkc build" "a.psl folder " dkc build ''
files "images to dkc dump" "a b.dk a.dk folder " dkc dump ''
files "folders to -I" "folder " dkc xdl -I ''
cd / || exit 1

# ---- the pages themselves ----

for page in dkd.8 dk.1 dkc.1 dk-idl.5 dk-init.5 dk-psl.5; do
	if command -v mandoc >/dev/null; then
		# Not what it says of the machine's own list of pages.
		mandoc -Tlint -W warning "$MAN/$page" 2>&1 |
			grep -F "$MAN/$page:" >"$TMP/lint"
		is "mandoc finds nothing in $page" "$(cat "$TMP/lint")" ""
	else
		skip "mandoc finds nothing in $page" \
			"mandoc is not installed (scripts/setup --lint)"
	fi
done
done_testing
