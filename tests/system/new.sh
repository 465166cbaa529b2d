#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# dk new: the solution that it writes builds, runs, and is refused what it should
# be; names that cannot be one are refused, and nothing is overwritten.
set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need_root
guard_take "$TMP"

DK=$BUILD/bin/dk
chmod 0755 "$TMP"
mkdir "$TMP/w"
cd "$TMP/w" || exit 1
# Of another make's, and of a person's.
unset MAKEFLAGS MAKELEVEL MFLAGS PKG_CONFIG CFLAGS LDFLAGS
make_in() { # FOLDER [ARGUMENT...]
	run 60 make -C "$1" DK="$BUILD" "${@:2}"
}

# ---- it builds and runs ----

run 10 "$DK" new echo
is "dk new ends with 0" "$STATUS" 0
has "it says how to go on" "$TMP/out" '^echo is written: .*make run'
is "it writes a folder and a package, no more" \
	"$(cd echo && find . -type f | sort | tr '\n' ' ')" \
	"./.gitignore ./Client.c ./Makefile ./README.md ./Server.c ./echo/Client.edl ./echo/Counter.cdl ./echo/Server.edl ./echo/Tally.idl ./init.yaml ./security.psl "
check_not "no licence or author of ours is in what it writes" \
	grep -rE 'SPDX|Copyright|dk authors' echo
check_not "no mark is left in what it writes" grep -rE '@[A-Z]+@' echo
is "it is 15 lines of policy at most, without comments" \
	"$(grep -cvE '^(/\*.*)?$' echo/security.psl | awk '{ print ($1 <= 15) }')" 1

make_in echo run
is "make run ends with 0" "$STATUS" 0
cp "$TMP/out" "$TMP/first"
has_not "it compiles without a warning" "$TMP/out" 'warning|error'
has "what is granted is done" "$TMP/out" \
	'^\[echo\.Client\] Add 22: the total is 42$'
has "the client says what it is refused" "$TMP/out" \
	'^\[echo\.Client\] Reset is refused: rcSecurityDisallow'
has "the refusal is recorded" "$TMP/out" \
	'DENIED request .*echo\.Client.*counter\.tally\.Reset: no rule grants it'
has "the server did not see what was refused" "$TMP/out" \
	'^\[echo\.Client\] Add 100: the total is 142$'
while IFS= read -r line; do
	line=${line#$'\t'}
	check "its README shows what comes: ${line:0:40}" \
		grep -qxF -- "$line" <(sed 's/ \[[a-zA-Z., ]*, event .*Z]$//' \
			"$TMP/first")
done < <(grep -E $'^\t(\\[|dkd:)' echo/README.md)
make_in echo -q
is "nothing is made twice" "$STATUS" 0
make_in echo clean
is "make clean leaves the sources alone" \
	"$STATUS $(find echo -type f | wc -l)" "0 11"

# ---- what its README says to change ----

cp -r echo reset
sed -i '/match method = Add/a\	match method = Reset { grant () }' \
	reset/security.psl
make_in reset run
has "a line of policy grants the reset" "$TMP/out" \
	'^\[echo\.Client\] Reset is granted$'
has "and the total begins anew" "$TMP/out" 'Add 100: the total is 100$'

cp -r echo amount
sed -i 's/^use nk.base._/&\nuse nk.basic._/
	/method = Add/s/grant ()/assert (message.amount < 100)/' \
	amount/security.psl
make_in amount run
has "a rule on a parameter refuses the large amount" "$TMP/out" \
	'^\[echo\.Client\] Add 100 is refused: rcSecurityDisallow'
has "and grants the small ones" "$TMP/out" 'Add 22: the total is 42$'

cp -r echo start
sed -i '/execute.*echo\.Server/d' start/security.psl
make_in start run
has "without its execute line the server does not start" "$TMP/out" \
	'DENIED execute .*echo\.Server'
has_not "and nobody answers for it" "$TMP/out" 'the total is'

cp -r echo named
printf -- '\n- name: kl.core.NameServer\n' >>named/init.yaml
sed -i 's/^use EDL Einit/&\nuse EDL kl.core.NameServer/
	s/^execute src = Einit, dst = echo.Server.*/&\nexecute src = Einit, dst = kl.core.NameServer { grant () }/' \
	named/security.psl
make_in named run
is "with a name server in its list it runs" "$STATUS" 0
has "the name server is started" "$TMP/out" 'started kl\.core\.NameServer'

# ---- where dk is ----

run 60 make -C echo
is "written by a dk that is only built, it finds that one" "$STATUS" 0
run 60 make -C echo DK="$TMP/nowhere"
check "a dk that is not there is an error" test "$STATUS" != 0
has "which says what to do" "$TMP/out" 'there is no dk: .*make DK='
run 60 make -C echo DK="$TMP/nowhere" clean
is "but clean needs none" "$STATUS" 0
mkdir "$TMP/other"
run 60 env PKG_CONFIG_LIBDIR="$TMP/other" make -C echo DK=
check "none that pkg-config knows is an error" test "$STATUS" != 0
has "which says so" "$TMP/out" 'there is no dk'

(umask 002 && "$DK" new group >/dev/null)
(umask 002 && run 60 make -C group DK="$BUILD" run && [[ $STATUS == 0 ]])
is "it runs where files are made writable by the group" "$?" 0

# ---- names ----

refused() { # NAME WHY
	local name
	printf -v name %q "${1:0:20}"
	run 10 "$DK" new "$1"
	is "$name is refused" "$STATUS" 2
	has "$name: it says why" "$TMP/out" "expected .*$2"
	[[ -z $1 || ! -e $1 ]] || not_ok "$name is not made"
}
refused Echo 'small letters'
refused eCho 'small letters'
refused int 'keyword'
refused class 'keyword'
refused co_await 'keyword'
refused xor_eq 'keyword'
refused alignas 'keyword'
refused kl 'dk does not use itself'
refused rtl 'dk does not use itself'
refused build 'dk does not use itself'
refused coresrv 'dk does not use itself'
refused layout 'dk does not use itself'
refused nk_a 'dk does not use itself'
refused layout_a 'dk does not use itself'
refused 1st 'letter'
refused _a 'letter'
refused a_ 'after each'
refused a__b 'after each'
refused a-b 'a to z'
refused a.b 'a to z'
refused a/b 'a to z'
refused ../a 'a to z'
refused 'a b' 'a to z'
refused "a\$b" 'a to z'
refused $'a\nb' 'a to z'
refused é 'a to z'
refused '' 'name'
refused "$(printf 'a%.0s' {1..65})" 'at most 64'

# Words of the languages, of C's library, of the templates themselves.
long=$(printf 'a%.0s' {1..64})
for name in a a1_b2 "$long" request entity task security interface match src \
	audit use tally counter server client main errno linux self res gen \
	dk_a build_a rtl_a handle scalar; do
	run 10 "$DK" new "$name"
	[[ $STATUS == 0 ]] || not_ok "'$name' is written" "$(cat "$TMP/out")"
	make_in "$name" run
	if [[ $STATUS == 0 ]] && ! grep -q warning: "$TMP/out" &&
		grep -q 'Reset is refused: rcSecurityDisallow' "$TMP/out" &&
		grep -q 'the total is 142' "$TMP/out"; then
		ok "'${name:0:20}' is a name, builds and runs"
	else
		not_ok "'${name:0:20}' is a name, builds and runs"
		note <"$TMP/out"
	fi
	rm -rf "$name"
done

# ---- what is there ----

there() { # NAME KIND
	local before
	before=$(ls -laR --time-style=full-iso .)
	run 10 "$DK" new "$1"
	is "$2 of that name is refused" "$STATUS" 1
	has "$2: it says so" "$TMP/out" "$1 is there already"
	is "$2 is left as it is" "$(ls -laR --time-style=full-iso .)" "$before"
}
there echo "a solution"
mkdir empty
there empty "an empty folder"
echo text >file
there file "a file"
ln -s nowhere dangling
there dangling "a link to nothing"
ln -s empty link
there link "a link to a folder"

# ---- what cannot be written ----

mkdir full
(
	cd full || exit
	trap '' XFSZ
	ulimit -f 1
	"$DK" new half 2>"$TMP/half"
)
is "a file that cannot be written whole is an error" "$?" 10
has "it names the file" "$TMP/half" 'half/[A-Z].* cannot be written: '
is "and nothing is left of it" "$(find full -mindepth 1)" ""
mkdir gone
(cd gone && rmdir ../gone && "$DK" new lost 2>"$TMP/half")
is "a folder that cannot be made is an error" "$?" 10
has "it says why" "$TMP/half" 'lost cannot be made: '

# ---- the command line ----

run 10 "$DK" new
is "no name" "$STATUS" 2
run 10 "$DK" new one two
is "two names" "$STATUS" 2
run 10 "$DK" new --nonsense
is "an unknown option" "$STATUS" 2
run 10 "$DK" new -- --help
is "after -- an option is a name, and no good one" "$STATUS" 2
run 10 "$DK" new -- fine
is "and a name is one" "$STATUS" 0
run 10 "$DK" new --help
is "--help" "$STATUS" 0
for status in 0 1 2 10; do
	has "--help states the exit status $status" "$TMP/out" \
		"^ +$status  [a-z]"
done
run 10 "$DK" --help
has "dk --help names it" "$TMP/out" '^ +dk new NAME'

cd /
done_testing
