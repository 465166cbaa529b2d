#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# The demo on a person's own pictures, from a folder that nobody else may enter.
set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/solution.sh
. "$TOP/tests/lib/solution.sh"
# shellcheck source=tests/lib/picture.sh
. "$TOP/tests/lib/picture.sh"
need_root
guard_take "$TMP"

# The demo writes below its build folder: give it one of our own.
mkdir "$TMP/build"
ln -s "$BUILD"/* "$TMP/build/"
rm -f "$TMP/build/demo" "$TMP/build/private"

mkdir -m 0700 "$TMP/mine" "$TMP/mine/deep"
"$BUILD/bin/make-pictures" "$TMP/drawn"
cp "$TMP/drawn/hills.png" "$TMP/mine/My hills.PNG"
cp "$TMP/drawn/glass.png" "$TMP/mine/deep/"
ln -s /etc/hostname "$TMP/mine/leak.png"
chmod 0600 "$TMP/mine/My hills.PNG"
chown -R 12345 "$TMP/mine"
before=$(cd "$TMP/mine" && find . -printf '%p %m %u %s %T@ %C@\n' | sort)

run 60 env BUILD="$TMP/build" "$TOP/scripts/demo" "$TMP/mine"
is "the demo ends with 0" "$STATUS" 0
has "it shows the picture" "$TMP/out" \
	"My hills\.PNG +900x420 .* $(sha256sum <"$TMP/mine/My hills.PNG" |
		cut -c1-16)  good"
check "it writes the picture" cmp "$TMP/mine/My hills.PNG" \
	"$TMP/build/demo/My hills.PNG"
check "it writes a thumbnail" test -s "$TMP/build/demo/thumb-My hills.PNG"
has_not "it takes nothing from below, and no link" "$TMP/out" \
	'glass\.png|leak\.png'
has "the other client is refused" "$TMP/out" \
	'refused: Count of picture\.PictureManager: rcSecurityDisallow'
is "the folder is as it was" "$before" \
	"$(cd "$TMP/mine" && find . -printf '%p %m %u %s %T@ %C@\n' | sort)"
is "what is written is for its owner alone" \
	"$(stat -c %a "$TMP/build/demo")" 700
check_not "no copy is left" test -e "$TMP/build/private"

run 60 env BUILD="$TMP/build" "$TOP/scripts/demo" "$TMP/nowhere"
is "a folder that is not there is an error" "$STATUS" 2
mkdir "$TMP/none"
run 60 env BUILD="$TMP/build" "$TOP/scripts/demo" "$TMP/none"
is "a folder without pictures is an error" "$STATUS" 2
has "it says so" "$TMP/out" 'no PNG file'

done_testing
