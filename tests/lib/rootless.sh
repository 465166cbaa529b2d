# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# To start a daemon as an ordinary user, of a uid that no account has. For
# tests in shell, after lib/tap.sh:
#   rootless COMMAND...   runs it so, with no way back to more
#   rootless_command FILE COMMAND   makes FILE a command that runs COMMAND so
# With ROOTLESS_DK, such a command, tests/lib/{solution,rogue}.sh start it in the
# place of dk: that is how tests/system/rootless.sh has other tests run.

ROOTLESS_UID=54321
ROOTLESS=(setpriv "--reuid=$ROOTLESS_UID" "--regid=$ROOTLESS_UID"
	--clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs)

rootless() {
	"${ROOTLESS[@]}" "$@"
}

rootless_command() { # FILE COMMAND
	printf '#!/bin/sh\nexec %s "%s" "$@"\n' "${ROOTLESS[*]}" "$2" >"$1"
	chmod 0755 "$1"
}
