# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# scripts/setup, with an apt-get and an id of ours: nothing is installed here.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"

mkdir "$TMP/bin"
for tool in sh mktemp rm tail sed cat; do
	ln -s "$(command -v $tool)" "$TMP/bin/$tool"
done
fake() { # NAME: the input is its text
	{ echo '#!/bin/sh'; cat; } >"$TMP/bin/$1"
	chmod 0755 "$TMP/bin/$1"
}
fake gcc <<'IN'
echo /usr/lib/"${1#*=}"
IN
fake make </dev/null
fake id <<IN
cat $TMP/uid
IN
# What is there: the file present, one word a line.
fake pkg-config <<IN
shift
for name; do
	case " \$(cat $TMP/present) " in *" \$name "*) ;; *) exit 1 ;; esac
done
IN
fake apt-get <<IN
echo "apt-get \$*" >>$TMP/log
case " \$* " in
*" update "*) : >$TMP/updated ;;
*" install "*) [ -e $TMP/updated ] || [ ! -e $TMP/stale ] || exit 100
	[ ! -e $TMP/broken ] || exit 100 ;;
esac
IN

try() { # PRESENT UID [OPTION]
	echo "$1" >"$TMP/present"
	echo "$2" >"$TMP/uid"
	: >"$TMP/log"
	rm -f "$TMP/updated"
	run 20 env PATH="$TMP/bin" sh "$TOP/scripts/setup" "${@:3}"
}
every='libseccomp libcap check yaml-0.1 libpng zlib'

start=${EPOCHREALTIME/./}
try "$every" 1000
took=$((${EPOCHREALTIME/./} - start))
is "with all there it succeeds, for anybody" "$STATUS" 0
is "with all there it says nothing" "$(cat "$TMP/out")" ""
is "with all there it installs nothing" "$(cat "$TMP/log")" ""
check "with all there it is quick ($((took / 1000)) ms)" test "$took" -lt 1000000

try "libseccomp libcap libpng zlib" 1000
check "without root something missing is a failure" test "$STATUS" != 0
has "it prints the line to type" "$TMP/out" \
	'^    sudo apt-get install --no-install-recommends check libyaml-dev$'
is "it installs nothing without root" "$(cat "$TMP/log")" ""

try "libseccomp libcap libpng zlib" 0
is "as root it succeeds" "$STATUS" 0
has "as root it installs what is missing, and only that" "$TMP/log" \
	'^apt-get .* install .* check libyaml-dev$'
has_not "it fetches no lists when it need not" "$TMP/log" ' update'
is "it says so on one line" "$(cat "$TMP/out")" \
	"setup: installing check libyaml-dev"

: >"$TMP/stale"
try "libseccomp" 0
is "where the lists are old it fetches them once" \
	"$(grep -c ' update' "$TMP/log")" 1
is "and then succeeds" "$STATUS" 0
rm "$TMP/stale"

: >"$TMP/broken"
try "libseccomp" 0
check "where nothing helps it fails" test "$STATUS" != 0
has "and says what to type" "$TMP/out" 'apt-get update && apt-get install'
rm "$TMP/broken"

mv "$TMP/bin/apt-get" "$TMP/apt-get"
try "libseccomp" 0
check "without apt-get it fails" test "$STATUS" != 0
has "and says what one would type" "$TMP/out" '^    apt-get install '

try "$every" 1000 --guest
check "what an emulated machine needs is missing, when asked" test "$STATUS" != 0
has "its packages are named, and no kernel to install" "$TMP/out" \
	'^    sudo apt-get install --no-install-recommends qemu-system-x86 (busybox-static )?cpio e2fsprogs mmdebstrap$'

try "$every" 0 --nonsense
is "an unknown option is refused" "$STATUS" 2

done_testing
