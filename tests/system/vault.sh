#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# The example of levels: what is secret does not come to who must not know it, by
# whichever way. What the policy's lines do is seen by taking them out.
set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/solution.sh
. "$TOP/tests/lib/solution.sh"
need_root
guard_take "$TMP"

VAULT=$TOP/apps/vault

vault_run() { # [IMAGE]
	run 60 "$DK" run --bin "$BUILD/apps/vault" \
		--wait vault.Clerk --wait vault.Officer \
		"${1:-$BUILD/apps/vault/vault.dk}"
	for task in vault.Clerk vault.Officer vault.Board vault.Vault; do
		sed -n "s/^\\[$task\\] //p" "$TMP/out" >"$TMP/said.$task"
	done
}

# The policy, changed by a sed expression.
vault_with() { # EXPRESSION
	: >"$TMP/out"
	sed "$1" "$VAULT/security.psl" >"$TMP/vault.psl"
	check_not "the policy is changed" cmp -s "$VAULT/security.psl" \
		"$TMP/vault.psl"
	if ! solution_image "$VAULT" "$TMP/vault.dk" "$TMP/vault.psl" \
		"$VAULT/init.yaml" >"$TMP/vault.dkc" 2>&1; then
		not_ok "the policy compiles"
		note <"$TMP/vault.dkc"
		return 1
	fi
	vault_run "$TMP/vault.dk"
}

refused='rcSecurityDisallow (denied by the policy)'

# ---- as it is ----

vault_run
is "the run ends with 0" "$STATUS" 0
is "the clerk reads what is public and writes what he likes" \
	"$(cat "$TMP/said.vault.Clerk")" \
	"look at the board: the office is closed on Monday
look at the vault: $refused
put on the board: done
put on the vault: done"
is "the officer reads everything and writes nothing down" \
	"$(cat "$TMP/said.vault.Officer")" \
	"look at the board: the office is closed on Monday
look at the vault: the boss is in Lisbon
put on the board: $refused
put on the vault: done"
is "nothing of the officer's is on the board" \
	"$(cat "$TMP/said.vault.Board")" "paper 1: vault.Clerk was here"
is "the vault has heard both" "$(sort "$TMP/said.vault.Vault")" \
	"paper 1: vault.Clerk was here
paper 1: vault.Officer was here"
has "the clerk's look is recorded" "$TMP/out" \
	'DENIED request .*vault\.Clerk.*vault\.Vault.*shelf\.Look'
has "the officer's paper is recorded" "$TMP/out" \
	'DENIED request .*vault\.Officer.*vault\.Board.*shelf\.Put'

# ---- without its lines ----

vault_with '/method = Look/,/^}/s/level\.call {.*}/grant ()/'
has "without the rule of looking the clerk learns the secret" \
	"$TMP/said.vault.Clerk" '^look at the vault: the boss is in Lisbon'
has "the other rule still holds" "$TMP/said.vault.Officer" \
	'^put on the board: rcSecurityDisallow'

vault_with '/method = Put/,/^}/s/level\.invoke {.*}/grant ()/'
has "without the rule of writing the officer tells everybody" \
	"$TMP/said.vault.Board" 'vault\.Officer was here'
has "the other rule still holds then" "$TMP/said.vault.Clerk" \
	'^look at the vault: rcSecurityDisallow'

vault_with '/dst = vault.Officer/,/^}/s/SECRET/PUBLIC/g'
has "an officer of the clerk's level knows no more than he" \
	"$TMP/said.vault.Officer" '^look at the vault: rcSecurityDisallow'
has "and may write on the board" "$TMP/said.vault.Officer" \
	'^put on the board: done'

vault_with '/dst = vault.Board/,/^}/s/PUBLIC/SECRET/g'
has "a secret board is closed for the clerk" "$TMP/said.vault.Clerk" \
	'^look at the board: rcSecurityDisallow'

done_testing
