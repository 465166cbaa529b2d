# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# System calls that no program may make, for real: each ends the program that
# made it, and the audit names the call. Rows A and B of the list of attacks.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/rogue.sh"
need_root
guard_take "$TMP"

# Every row of the table in apps/rogue/calls.c, with the name of its call as the
# audit has it: the row's name without number, up to its variant.
mapfile -t rows < <(sed -nE 's/^\t\{ "([AB][0-9]+_[A-Za-z0-9_]+)", (SYS|X32|-?[0-9]).*/\1/p' \
	"$ROGUE_SOURCES/calls.c")
check "the table of calls is read" test "${#rows[@]}" -ge 100
# ROGUE_EVERY=n makes but every nth of them.
if [[ ${ROGUE_EVERY:-1} != 1 ]]; then
	for i in "${!rows[@]}"; do
		((i % ROGUE_EVERY == 0)) || unset "rows[$i]"
	done
	rows=("${rows[@]}")
fi

declare -A call_of=(
	[A1_ioctl_TIOCSTI]=ioctl [A1_ioctl_TIOCSTI_high_bits]=ioctl
	[A2_ioctl_TIOCLINUX]=ioctl
	[A12_unshare_newuser]=unshare [A12_clone_newuser]=clone
	[B6_ptrace_traceme]=ptrace [B6_ptrace_attach]=ptrace
	[B10_kill_all]=kill [B10_kill_parent]=kill
	[B10_fcntl_F_SETOWN]=fcntl
	[B11_prctl_mm]=prctl [B11_prctl_dumpable]=prctl
	[B11_prctl_seccomp]=prctl [B11_arch_prctl_off]=prctl
	[B12_setrlimit_core]=setrlimit
	[B13_vfork_clone]=clone
	[B3_socket_with_high_bits]=socket
	# libseccomp 2.5 has no name for what came after 2022: the mediator has.
	[A3_statmount]='statmount' [A3_listmount]='listmount'
	[B15_socket_unix]=socket [B16_socket_inet]=socket
	[B16_socket_netlink]=socket [B16_socket_alg]=socket
	[B16_socket_vsock]=socket [B16_socket_packet]=socket
)

batch=0
while [[ ${#rows[@]} -gt $batch ]]; do
	name=calls$batch
	rogue_begin "$name" 60 10
	for row in "${rows[@]:batch:32}"; do
		rogue_add "$name" "$row" call "$row"
	done
	rogue_run "$name" 60
	for row in "${rows[@]:batch:32}"; do
		call=${call_of[$row]:-${row#*_}}
		line=$(grep -E "^\\[${row}\\] .*SURVIVED" "$TMP/out")
		ending=$(grep -E "^dkd: .*[^A-Za-z0-9_]${row}[^A-Za-z0-9_]" "$TMP/out")
		if ! grep -qE "^\\[${row}\\] .*$row: tries" "$TMP/out"; then
			not_ok "$row is tried" "$ending"
		elif [[ -n $line ]]; then
			not_ok "${row} is killed" "$line"
		elif [[ $row == B2_* || $row == B3_number_* ]]; then
			# These have no name on this architecture.
			if grep -qE 'KILLED|forbidden|SIGSYS' <<<"$ending"; then
				ok "${row} is killed"
			else
				not_ok "${row} is killed" "$ending"
			fi
		elif grep -qE "(KILLED|forbidden).*[^a-z0-9_]$call([^a-z0-9_]|\$)" \
			<<<"$ending"; then
			ok "${row} is killed"
		else
			not_ok "${row} is killed, and $call named" "$ending"
		fi
	done
	batch=$((batch + 32))
done

# ---- two that are no row of the table ----

rogue_begin gates 60 10
rogue_add gates B1 B1_int_0x80
rogue_add gates B8 B8_own_code
rogue_add gates B7 call B7_clone3
sed -i 's/^  task: B7$/&\n  sandbox: {threads: 2}/' "$TMP/gates.yaml"
rogue_add gates A10 A10_inherited_descriptors
rogue_run gates 30
has "B1_int_0x80 is tried" "$TMP/out" '^\[B1\] .*tries'
has_not "B1_int_0x80 is killed" "$TMP/out" '^\[B1\] .*(SURVIVED|ends)'
has "B1_int_0x80 is reported" "$TMP/out" '^dkd: .*[^A-Za-z0-9_]B1[^A-Za-z0-9_].*'
has "B7_clone3 of a class with threads is ENOSYS, so that libc uses clone" \
	"$TMP/out" '^\[B7\] .*SURVIVED with errno 38$'
has "B8_own_code is tried" "$TMP/out" '^\[B8\] .*tries'
has_not "B8_own_code does not run" "$TMP/out" '^\[B8\] .*SURVIVED'
is "A10_descriptors are 0 to 3 and the channels" \
	"$(sed -nE 's/^\[A10\] .*has descriptor ([0-9]+)$/\1/p' "$TMP/out" |
		sort -n | tr '\n' ' ')" "0 1 2 3 4 "

done_testing
