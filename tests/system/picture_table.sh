#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# What the table says is true of the files, broken ones included, and what is
# written is what was there.
set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/solution.sh
. "$TOP/tests/lib/solution.sh"
# shellcheck source=tests/lib/picture.sh
. "$TOP/tests/lib/picture.sh"
need_root
guard_take "$TMP"

picture_folders
pictures=$TMP/data/pictures
demo=$TMP/data/demo
"$BUILD/bin/make-pictures" --broken "$pictures"

# Files that are no pictures, and names that are no good.
: >"$pictures/empty.png"
echo "this is text" >"$pictures/text.png"
ln -s dusk.png "$pictures/link.png"
mkdir "$pictures/folder.png"
cp "$pictures/hills.png" "$pictures/"$'escape\e[31m\xff.png'
head -c 33 "$pictures/hills.png" >"$pictures/header.png"
echo "no picture" >"$pictures/notes.txt"
cp "$pictures/hills.png" "$pictures/.hidden.png"
chmod 0644 "$pictures"/*.png

picture_run "$PICTURE_IMAGE"
table=$TMP/said.ValidPictureClient
is "the run ends with 0" "$STATUS" 0

# NAME PIXELS COLOUR DEPTH ORDER: its row, bytes and SHA-256 from the file.
row() {
	local size digest
	size=$(stat -c %s "$pictures/$1")
	digest=$(sha256sum "$pictures/$1" | cut -c1-16)
	has "the row of $1 is true" "$table" \
		"^ *[0-9]+  $1 +$2 +$3 +$4  $5 +$size  $digest  ${6:-good}\$"
}

row dusk.png 1280x800 RGB 8 plain
row glass.png 600x560 RGBA 8 interlaced
row hills.png 900x420 grey 8 plain
row mandelbrot.png 800x600 palette 8 interlaced
row spectrum.png 480x320 RGB 16 plain
row broken-cut.png 900x420 grey 8 plain 'the file ends too early'
row broken-byte.png 900x420 grey 8 plain '.*[a-z].*'
row header.png 900x420 grey 8 plain 'the file ends too early'
row empty.png - - 0 plain 'the file is empty'
row text.png - - 0 plain 'it is not a PNG file'
has "a link is not followed" "$table" \
	' link\.png  .* it cannot be opened: it is a link$'
has "a folder is not a picture" "$table" ' folder\.png .* it is not a file$'
has "an unprintable name is made printable" "$table" \
	' escape\?\[31m\?\.png .* good$'
has_not "a file of another kind has no row" "$table" 'notes'
has_not "a hidden file has no row" "$table" 'hidden'
is "one picture is over a MiB" \
	$(($(stat -c %s "$pictures/dusk.png") > 1048576)) 1

# ---- what was written ----

signature() { # FILE: the first 8 bytes, the size in pixels
	od -An -tx1 -N8 "$1" | tr -d ' \n'
	printf ' %dx%d' "0x$(od -An -tx1 -j16 -N4 "$1" | tr -d ' \n')" \
		"0x$(od -An -tx1 -j20 -N4 "$1" | tr -d ' \n')"
}

check "the largest picture is written whole" \
	cmp "$pictures/dusk.png" "$demo/dusk.png"
has "its SHA-256 is the file's" "$table" \
	"^wrote /demo/dusk\.png, .*: $(sha256sum <"$pictures/dusk.png" |
		cut -c1-64)\$"
for thumbnail in dusk:256x160 glass:256x238 hills:256x119 \
	mandelbrot:256x192 spectrum:256x170; do
	name=thumb-${thumbnail%:*}.png
	is "$name is a PNG of its size" "$(signature "$demo/$name")" \
		"89504e470d0a1a0a ${thumbnail#*:}"
	check "the end of $name is there" \
		grep -qa 'IEND' <(tail -c 12 "$demo/$name")
done
has "a broken picture has no thumbnail and it is said why" "$table" \
	'^no thumbnail of broken-cut\.png: the file ends too early$'
is "nothing else is written" "$(find "$demo" -type f | wc -l)" 7

# ---- nothing at all ----

picture_folders
picture_run "$PICTURE_IMAGE"
is "an empty folder is served as such" "$STATUS" 0
has "its table has no row" "$TMP/said.ValidPictureClient" '^done$'
is "nothing is written from nothing" "$(find "$demo" -type f | wc -l)" 0

done_testing
