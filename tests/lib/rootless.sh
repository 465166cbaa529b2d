# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# $DK, and how to start it as an ordinary user, of a uid that no account has. For
# tests in shell, after lib/tap.sh:
#   rootless COMMAND...   runs it so, with no way back to more
#   rootless_command FILE COMMAND   makes FILE a command that runs COMMAND so
# With ROOTLESS=1 all that a test starts as $DK is started so: that is how
# tests/attack/rootless.sh has others run.

ROOTLESS_UID=54321
AS_ROOTLESS=(setpriv "--reuid=$ROOTLESS_UID" "--regid=$ROOTLESS_UID"
	--clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs)

rootless() {
	"${AS_ROOTLESS[@]}" "$@"
}

rootless_command() { # FILE COMMAND
	printf '#!/bin/sh\nexec %s "%s" "$@"\n' "${AS_ROOTLESS[*]}" "$2" >"$1"
	chmod 0755 "$1"
}

DK=${DK:-$BUILD/bin/dk}
if [[ -n ${ROOTLESS-} && ! -e $TMP/dk ]]; then
	chmod 0755 "$TMP"
	chown "$ROOTLESS_UID" "$TMP"
	rootless_command "$TMP/dk" "$DK"
fi
[[ -z ${ROOTLESS-} ]] || DK=$TMP/dk
