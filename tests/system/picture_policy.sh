#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# Who sees pictures is decided by the lines of the policy and by nothing else: taken
# out, written for the other client, or limited, without a change in any program.
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
"$BUILD/bin/make-pictures" "$TMP/data/pictures"

wrote() {
	find "$TMP/data/demo" -type f | wc -l
}

again() { # PSL
	rm -rf "$TMP/data/demo"
	mkdir "$TMP/data/demo"
	picture_image "$1" && picture_run "$TMP/picture.dk"
}

# ---- as it is ----

picture_run "$PICTURE_IMAGE"
is "the run ends with 0" "$STATUS" 0
has "the valid client is served" "$TMP/said.ValidPictureClient" '^done$'
has "the other one finds the pictures" "$TMP/said.NonValidPictureClient" \
	'^found picture\.Pictures: album\.pictures of picture\.PictureManager$'
has "the other one gets a channel" "$TMP/said.NonValidPictureClient" \
	'^connected to picture\.PictureManager$'
has "its first request is refused" "$TMP/said.NonValidPictureClient" \
	'^refused: Count of picture\.PictureManager: rcSecurityDisallow'
has "the refusal is recorded with class, endpoint, method and why" \
	"$TMP/out" \
	'picture\.NonValidPictureClient.*album\.pictures.*Count.*no rule'
has_not "the valid client is refused nothing" "$TMP/said.ValidPictureClient" \
	'refused|failed'
has_not "the refused client has seen no picture" \
	"$TMP/said.NonValidPictureClient" 'dusk\.png|served'
is "five thumbnails and one whole picture are written" "$(wrote)" 6

# ---- without the lines ----

picture_policy_without >"$TMP/nobody.psl"
again "$TMP/nobody.psl"
is "without the lines the run ends with 1" "$STATUS" 1
has "without the lines the valid client is refused" \
	"$TMP/said.ValidPictureClient" \
	'^refused: Count of picture\.PictureManager: rcSecurityDisallow'
has "without the lines the other one is refused as before" \
	"$TMP/said.NonValidPictureClient" '^refused: Count'
is "without the lines nothing is written" "$(wrote)" 0

# ---- for the other client instead ----

{
	picture_policy_without
	picture_policy_lines NonValidPictureClient
} >"$TMP/other.psl"
again "$TMP/other.psl"
is "with the lines of the other the run ends with 1" "$STATUS" 1
has "with its lines the other client is served" \
	"$TMP/said.NonValidPictureClient" '^served: 5 pictures'
has "with its lines the other client sees the table" \
	"$TMP/said.NonValidPictureClient" 'dusk\.png .*1280x800 .*RGB'
has "with the lines of the other the valid client is refused" \
	"$TMP/said.ValidPictureClient" '^refused: Count'
is "with the lines of the other nothing is written" "$(wrote)" 0

# ---- for both ----

{
	cat "$PICTURE/security.psl"
	picture_policy_lines NonValidPictureClient
} >"$TMP/both.psl"
again "$TMP/both.psl"
has "with both lines the valid client is served" \
	"$TMP/said.ValidPictureClient" '^done$'
has "with both lines the other client is served too" \
	"$TMP/said.NonValidPictureClient" '^served: 5 pictures'

# ---- parts of it ----

sed 's/message\.width <= 512/message.width <= 255/' "$PICTURE/security.psl" \
	>"$TMP/narrow.psl"
again "$TMP/narrow.psl"
has "a thumbnail wider than the policy's limit is refused" \
	"$TMP/said.ValidPictureClient" '^refused: Thumbnail'
has "that refusal names the rule's file and line" "$TMP/out" \
	"Thumbnail.*narrow\.psl:$(grep -n 'width <= 255' "$TMP/narrow.psl" |
		cut -d: -f1)"
is "a refused thumbnail is not written" "$(wrote)" 0

sed 's/match method = Read { grant () }//' "$PICTURE/security.psl" \
	>"$TMP/noread.psl"
again "$TMP/noread.psl"
has "a method without a rule is refused" "$TMP/said.ValidPictureClient" \
	'^refused: Read'
has "what came before it is granted" "$TMP/said.ValidPictureClient" \
	'^wrote /demo/thumb-dusk\.png'

sed '/^response src = picture.PictureManager/,/^}/d' "$PICTURE/security.psl" \
	>"$TMP/mute.psl"
again "$TMP/mute.psl"
has "a request whose response has no rule is refused to the client" \
	"$TMP/said.ValidPictureClient" '^refused: Count'

sed '/src = picture.NonValidPictureClient, dst = kl.core.NameServer/,/^}/d' \
	"$PICTURE/security.psl" >"$TMP/blind.psl"
again "$TMP/blind.psl"
has "a client that may not ask the name server is refused there" \
	"$TMP/said.NonValidPictureClient" \
	'^refused: EnumServices of kl\.core\.NameServer: rcSecurityDisallow'

sed '/src = picture.NonValidPictureClient, dst = kl.core.Core/,/^}/d' \
	"$PICTURE/security.psl" >"$TMP/alone.psl"
again "$TMP/alone.psl"
has "a client that may not connect is refused there" \
	"$TMP/said.NonValidPictureClient" \
	'^refused: Connect of kl\.core\.Core: rcSecurityDisallow'

sed 's/message\.service == "album\.pictures"/message.service == "other"/' \
	"$PICTURE/security.psl" >"$TMP/unpublished.psl"
again "$TMP/unpublished.psl"
has "a publication that the policy refuses is refused" \
	"$TMP/said.PictureManager" '^cannot publish.*rcSecurityDisallow'
is "nobody finds what was not published" "$(wrote)" 0

done_testing
