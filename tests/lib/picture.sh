# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# The picture example for tests, after lib/tap.sh and lib/solution.sh:
#   picture_folders         makes $TMP/data/{pictures,demo}
#   picture_image PSL       makes $TMP/picture.dk from another policy
#   picture_run IMAGE       runs it until both clients have ended; $TMP/out,
#                           $STATUS, and what each program said, without the
#                           prefix, in $TMP/said.NAME

PICTURE=$TOP/apps/picture
# shellcheck disable=SC2034 # for those who include this
PICTURE_IMAGE=$BUILD/apps/picture/picture.dk

picture_folders() {
	rm -rf "$TMP/data"
	chmod 0755 "$TMP"
	mkdir -p "$TMP/data/pictures" "$TMP/data/demo"
}

picture_image() { # PSL
	if ! solution_image "$PICTURE" "$TMP/picture.dk" "$1" \
		"$PICTURE/init.yaml" >"$TMP/picture.dkc" 2>&1; then
		not_ok "the policy compiles"
		note <"$TMP/picture.dkc"
		return 1
	fi
}

picture_run() { # IMAGE
	local name
	run 60 "$DK" run --bin "$BUILD/apps/picture" --data "$TMP/data" \
		--wait picture.ValidPictureClient \
		--wait picture.NonValidPictureClient \
		"$1"
	for name in ValidPictureClient NonValidPictureClient PictureManager; do
		sed -n "s/^[^A-Za-z]*picture\.${name}[]:|> ]* //p" "$TMP/out" \
			>"$TMP/said.$name"
	done
}

# A policy without the lines between the two marks.
picture_policy_without() {
	sed '/^\/\* begin: who sees pictures/,/^\/\* end: who sees pictures/d' \
		"$PICTURE/security.psl"
}

# Those lines alone, for another client.
picture_policy_lines() { # CLASS
	sed -n '/^\/\* begin: who sees pictures/,/^\/\* end: who sees pictures/p' \
		"$PICTURE/security.psl" |
		sed "s/picture\.ValidPictureClient/picture.$1/g"
}
