#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# The policy compiler against goldens: good policies and start lists by their
# dump, bad ones by every line that is said about them. Prints TAP.
#   DKC=path tests/golden/psl.sh      UPDATE=1 rewrites the goldens instead
set -u

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
BUILD=${BUILD:-$root/build}
case $BUILD in
/*) ;;
*) BUILD=$root/$BUILD ;;
esac
DKC=${DKC:-$BUILD/bin/dkc}
case $DKC in
/*) ;;
*) DKC=$PWD/$DKC ;;
esac
UPDATE=${UPDATE:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
failed=0

# result NAME: takes the status of the command before it
result() {
	status=$?
	n=$((n + 1))
	if [ $status -eq 0 ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		failed=$((failed + 1))
	fi
	return 0
}

# same GOLDEN FOUND
same() {
	if [ -n "$UPDATE" ]; then
		cp "$2" "$1"
	elif ! diff -u "$1" "$2" >"$work/diff" 2>&1; then
		sed 's/^/# /' "$work/diff" | head -40
		return 1
	fi
}

# exits STATUS COMMAND...: its output is in $work/out and $work/err
exits() {
	want=$1
	shift
	"$@" >"$work/out" 2>"$work/err" </dev/null
	got=$?
	[ $got -eq "$want" ] && return 0
	echo "# exit status $got instead of $want: $*"
	sed 's/^/# /' "$work/err" | head -20
	return 1
}

# build STATUS ARGUMENT...
build() {
	want=$1
	shift
	rm -f "$work/image.dk"
	exits "$want" "$DKC" build -I idl -I . -o "$work/image.dk" "$@"
}

# refused GOLDEN ARGUMENT...: every line as expected, and nothing written
refused() {
	golden=$1
	shift
	build 1 "$@" && [ ! -e "$work/image.dk" ] &&
		same "$golden" "$work/err"
}

dumped() {
	exits 0 "$DKC" dump "$work/image.dk" && same "$1" "$work/out"
}

cd "$here/psl" || exit 1
for file in good/*.psl; do
	name=$(basename "$file" .psl)
	case $name in
	included) continue ;;
	esac
	build 0 "$file" && dumped "good/$name.dump"
	result "policy_${name}_compiles_to_its_dump"
	cp "$work/image.dk" "$work/first.dk"
	build 0 "$file" && cmp "$work/first.dk" "$work/image.dk"
	result "policy_${name}_compiles_to_the_same_bytes_again"
done
for file in bad/*.psl; do
	name=$(basename "$file" .psl)
	refused "bad/$name.txt" "$file"
	result "policy_${name}_is_refused_at_its_place"
done
for file in ../init/good/*.yaml; do
	name=$(basename "$file" .yaml)
	build 0 --init "$file" ../init/solution.psl &&
		dumped "../init/good/$name.dump"
	result "init_${name}_compiles_to_its_dump"
done
for file in ../init/bad/*.yaml; do
	name=$(basename "$file" .yaml)
	refused "../init/bad/$name.txt" --init "$file" ../init/solution.psl
	result "init_${name}_is_refused_at_its_place"
done

# Templates. What is said about them is said of the template's lines.
defined() { # STATUS ARGUMENT...
	want=$1
	shift
	build "$want" -I ../template -D CLIENT=echo.Client \
		-D SERVER=echo.Server -D MODE=debug -D LIMIT=5 -D EMPTY= \
		-D "RULES=grant ()
	deny (1 == 2)" "$@"
}
for file in ../template/good/*.psl ../template/good/*.psl.in; do
	name=$(basename "$file" | sed 's/\..*//')
	defined 0 "$file" && dumped "../template/good/$name.dump"
	result "template_${name}_compiles_to_its_dump"
done
for file in ../template/bad/*.psl ../template/bad/*.psl.in; do
	name=$(basename "$file" | sed 's/\..*//')
	defined 1 "$file" && [ ! -e "$work/image.dk" ] &&
		same "../template/bad/$name.txt" "$work/err"
	result "template_${name}_is_refused_at_its_place"
done
for file in ../template/good/*.yaml.in; do
	name=$(basename "$file" .yaml.in)
	defined 0 --init "$file" ../init/solution.psl &&
		dumped "../template/good/$name.dump"
	result "template_${name}_compiles_to_its_dump"
done
for file in ../template/bad/*.yaml.in; do
	name=$(basename "$file" .yaml.in)
	defined 1 --init "$file" ../init/solution.psl &&
		same "../template/bad/$name.txt" "$work/err"
	result "template_${name}_is_refused_at_its_place"
done
build 1 ../template/good/branches.psl &&
	[ "$(grep -c "error: unknown name 'MODE'" "$work/err")" -eq 4 ]
result "template_without_its_definitions_is_refused"
build 0 -D UNUSED=1 good/echo.psl && dumped good/echo.dump
result "definition_that_nothing_names_changes_nothing"
cat >"$work/words.psl" <<'END'
use nk.base._ use nk.basic._
use EDL probe.Target
request dst=probe.Target method=All { deny (message.text == "me@home@you") }
END
build 0 "$work/words.psl"
result "words_of_a_text_are_its_own_where_nothing_is_a_template"
build 1 -D A=b "$work/words.psl" &&
	grep -q "words.psl:3:64: error: unknown name 'home' of the template" \
		"$work/err"
result "words_of_a_text_are_names_where_something_is_defined"
cp "$work/words.psl" "$work/words.psl.in"
build 1 "$work/words.psl.in"
result "words_of_a_text_are_names_in_a_template"

# Images do not depend on where the compiler runs or what it runs beside.
mkdir "$work/elsewhere"
cp -R "$here/psl/idl" "$here/psl/good" "$work/elsewhere"
build 0 good/models.psl && cp "$work/image.dk" "$work/first.dk" &&
	(cd "$work/elsewhere" && LC_ALL=C TZ=UTC-5 "$DKC" build -I idl -I . \
		-o "$work/second.dk" good/models.psl) &&
	cmp "$work/first.dk" "$work/second.dk"
result "image_does_not_depend_on_folder_locale_or_time_zone"

# A failed run leaves the image of the run before alone.
build 0 good/echo.psl && cp "$work/image.dk" "$work/kept.dk" &&
	exits 1 "$DKC" build -I idl -I . -o "$work/kept.dk" bad/grant_argument.psl &&
	cmp "$work/image.dk" "$work/kept.dk" &&
	[ "$(find "$work" -name 'kept.dk.*' | wc -l)" -eq 0 ]
result "failed_build_leaves_the_image_before_it_alone"

# Any byte of an image that changes makes it unsound.
build 0 good/echo.psl
size=$(wc -c <"$work/image.dk")
bad=0
at=0
while [ $at -lt "$size" ]; do
	cp "$work/image.dk" "$work/broken.dk"
	old=$(od -An -tu1 -j $at -N 1 "$work/image.dk" | tr -d ' ')
	new=$(printf '%03o' $(((old + 1) % 256)))
	printf '%b' "\\0$new" | dd of="$work/broken.dk" bs=1 seek=$at conv=notrunc \
		2>"$work/dd"
	"$DKC" dump "$work/broken.dk" >"$work/out" 2>"$work/err"
	[ $? -eq 1 ] && [ ! -s "$work/out" ] &&
		grep -q 'is not a sound image: ' "$work/err" || bad=$((bad + 1))
	at=$((at + 61))
done
[ $bad -eq 0 ]
result "dump_refuses_an_image_with_any_byte_changed"
head -c 100 "$work/image.dk" >"$work/short.dk"
exits 1 "$DKC" dump "$work/short.dk"
result "dump_refuses_a_short_image"

# The command line.
exits 0 "$DKC" --help && grep -q '^Exit status:' "$work/out"
result "help_states_the_exit_statuses"
for command in xdl build dump; do
	exits 0 "$DKC" $command --help && grep -q "^Usage: dkc $command" \
		"$work/out" && grep -q '^Exit status:' "$work/out"
	result "help_of_${command}_states_its_use"
done
exits 0 "$DKC" --version && grep -q '^dkc [0-9]' "$work/out"
result "version_is_printed"
usage_of() {
	name=$1
	shift
	exits 2 "$DKC" "$@" && [ -s "$work/err" ] && [ ! -s "$work/out" ]
	result "command_line_${name}_is_a_usage_error"
}
usage_of nothing
usage_of unknown_command compile
usage_of unknown_option build -x -o "$work/x.dk" good/echo.psl
usage_of option_of_another_command dump -o "$work/x.dk" "$work/image.dk"
usage_of without_output build good/echo.psl
usage_of without_policy build -o "$work/x.dk"
usage_of two_policies build -o "$work/x.dk" good/echo.psl good/lights.psl
usage_of two_outputs build -o "$work/x.dk" -o "$work/y.dk" good/echo.psl
usage_of definition_without_text build -D A -o "$work/x.dk" good/echo.psl
usage_of definition_of_no_name build -D =b -o "$work/x.dk" good/echo.psl
usage_of definition_of_a_number build -D 1=b -o "$work/x.dk" good/echo.psl
usage_of definition_that_is_not_utf8 build -D "A=$(printf '\377')" \
	-o "$work/x.dk" good/echo.psl
usage_of two_definitions build -D A=b -D A=b -o "$work/x.dk" good/echo.psl
usage_of definition_for_headers xdl -D A=b -o "$work/x" idl/echo/Ping.idl
usage_of value_missing build good/echo.psl -o
usage_of xdl_without_output xdl -I idl idl/echo/Ping.idl
usage_of dump_of_two dump "$work/image.dk" "$work/image.dk"
exits 3 "$DKC" build -o "$work/x.dk" good/no-such-file.psl
result "missing_policy_is_an_error_of_its_own_status"
exits 3 "$DKC" build -I idl -I . -o "$work/no-folder/x.dk" good/echo.psl
result "folder_that_is_not_there_is_an_error_of_its_own_status"
exits 3 "$DKC" dump "$work/no-such-image.dk"
result "missing_image_is_an_error_of_its_own_status"
mkfifo "$work/fifo.psl"
exits 3 timeout 10 "$DKC" build -o "$work/x.dk" "$work/fifo.psl"
result "policy_that_is_a_pipe_is_refused_and_not_waited_for"
ln -s loop.psl "$work/loop.psl"
exits 3 "$DKC" build -o "$work/x.dk" "$work/loop.psl"
result "link_that_leads_to_itself_is_an_error_of_its_own_status"
cp good/echo.psl "$work/source.psl"
exits 2 "$DKC" build -I idl -I . -o "$work/source.psl" "$work/source.psl" &&
	cmp good/echo.psl "$work/source.psl"
result "image_never_takes_the_place_of_its_policy"
cp ../init/good/echo.yaml "$work/source.yaml"
exits 2 "$DKC" build -I idl -I . --init "$work/source.yaml" \
	-o "$work/source.yaml" ../init/solution.psl &&
	cmp ../init/good/echo.yaml "$work/source.yaml"
result "image_never_takes_the_place_of_its_start_list"
if [ -w /dev/full ]; then
	for asked in --help --version "build --help" "dump $work/image.dk"; do
		build 0 good/echo.psl
		# shellcheck disable=SC2086
		"$DKC" $asked >/dev/full 2>"$work/err"
		[ $? -eq 3 ]
		result "output_that_is_lost_is_an_error_$(echo "$asked" |
			sed 's/^-*//; s/ .*//; s/^build/command_help/')"
	done
fi
# 100 000 mistakes: each is said, in a moment.
{
	echo 'use nk.base._'
	seq -f 'request src = a.Class%.0f { grant () }' 100000
} >"$work/many.psl"
exits 1 timeout 20 "$DKC" build -o "$work/x.dk" "$work/many.psl" 2>/dev/null &&
	[ "$(grep -c 'error: unknown class' "$work/err")" -eq 100000 ]
result "mistakes_without_number_are_all_said"
awk 'BEGIN { print "use nk.base._"
	for (i = 0; i < 100000; i++) print "{% if A == \"1\" %}"
	for (i = 0; i < 100000; i++) print "@A@{% else %}@B@{% endif %}" }' \
	>"$work/deep.psl"
exits 1 timeout 20 "$DKC" build -D A=1 -o "$work/x.dk" "$work/deep.psl" &&
	[ "$(grep -c 'error: ' "$work/err")" -lt 3 ]
result "template_of_a_hundred_thousand_levels_is_read"
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "@A@"; print "" }' \
	>"$work/large.psl"
exits 1 timeout 20 "$DKC" build -D "A=$(printf '%0300d' 0)" -o "$work/x.dk" \
	"$work/large.psl" && grep -q 'makes more than 16 MiB' "$work/err" &&
	[ "$(grep -c 'error: ' "$work/err")" -eq 1 ]
result "template_that_makes_too_much_is_one_error"
# Nesting and length that no stack and no memory would bear.
hostile() { # NAME TEXT-AWK
	{
		printf 'use nk.base._\nuse nk.basic._\nrequest { assert ('
		awk "BEGIN { $2 }"
		printf ') }\n'
	} >"$work/hostile.psl"
	exits 1 timeout 20 "$DKC" build -o "$work/x.dk" "$work/hostile.psl" &&
		[ "$(grep -c 'error: ' "$work/err")" -eq 1 ] &&
		[ "$(wc -c <"$work/err")" -lt 2000 ]
	result "hostile_$1_is_one_error"
}
many='for (i = 0; i < 100000; i++) printf'
hostile parentheses "$many \"(\"; printf \"true\"; $many \")\""
hostile lists "printf \"bool.all\"; $many \"[\"; $many \"]\""
hostile dictionaries "$many \"{a:\"; printf 1; $many \"}\""
hostile negations "$many \"!\"; printf \"true\""
hostile minus_signs "$many \"- \"; printf \"1 == 1\""
hostile implications "$many \"true ==> \"; printf \"true\""
hostile conjunction "$many \"true && \"; printf \"true\""
hostile fields "printf \"message\"; $many \".a\""
hostile elements "printf \"message\"; $many \"[1\"; $many \"]\""
hostile dots "printf \"a\"; $many \".a\""
hostile texts "printf \"bool.all [\"; $many \"\\\"a\\\"==\\\"b\\\",\"; printf \"]\""
hostile strange_letters "$many \"\$\""
{
	echo 'use nk.base._'
	awk "BEGIN { printf \"request {\"; $many \"match {\"; printf \"grant ()\";
		$many \"}\"; print \"}\" }"
} >"$work/hostile.psl"
exits 1 timeout 20 "$DKC" build -o "$work/x.dk" "$work/hostile.psl"
result "hostile_matches_are_an_error"
awk "BEGIN { printf \"entities: \"; $many \"[\"; $many \"]\" }" \
	>"$work/hostile.yaml"
exits 1 timeout 20 "$DKC" build -I idl -I . --init "$work/hostile.yaml" \
	-o "$work/x.dk" ../init/solution.psl &&
	[ "$(grep -c 'error: ' "$work/err")" -eq 1 ]
result "hostile_brackets_of_a_start_list_are_one_error"
build 1 bad/grant_argument.psl && ! grep -q "$(printf '\033')" "$work/err"
result "diagnostics_have_no_colour_without_a_terminal"

# Standard files are found without -I.
cat >"$work/std.psl" <<'END'
use nk.base._
use nk.basic._
use EDL kl.core.NameServer
execute { grant () }
request src=kl.core.NameServer dst=kl.core.Core endpoint=cm.CM { grant () }
END
exits 0 "$DKC" build -o "$work/std.dk" "$work/std.psl"
result "standard_files_are_found_beside_the_compiler"

echo "1..$n"
[ $failed -eq 0 ]
