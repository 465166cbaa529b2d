# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# The same acts of the rogue without the layers that stop them: as root, without a
# filter, in namespaces that end with each (tests/lib/bare.c). If one came to
# nothing here, the test that a sandbox stops it could not fail.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/rogue.sh"
need_root
guard_take "$TMP"
bare=$TMP/bare
check "the bare setting compiles" "${CC:-gcc}" -O1 -Wall -Wextra -Werror \
	-D_GNU_SOURCE -o "$bare" "$TOP/tests/lib/bare.c"
mkdir "$TMP/folder"
# Nothing of the machine that has a name may be another afterwards.
machine() {
	find / /dev -maxdepth 1 ! -name tmp -printf '%p %y %m %U %l\n'
	hostname
	sed -n 's/^.* user *\(k:.*\)/key \1/p' /proc/keys
}
machine | sort >"$TMP/before"

act() { # WORD...: what it said in $TMP/out, and the last errno or number in $GOT
	run 20 "$bare" "$ROGUE_BIN/Rogue" "$TMP/folder" "$@"
	GOT=$(sed -nE 's/^.*: SURVIVED with (errno )?(-?[0-9]+)$/\1\2/p' \
		"$TMP/out" | head -n 1)
}

# Linux answers these with an error, for their arguments lead nowhere. The filter
# takes away that they are answered at all.
returns=' A2_ioctl_TIOCLINUX A3_pivot_root A3_statmount A3_listmount A13_capset
B4_seccomp B5_io_uring_register B6_process_madvise B8_execveat B9_request_key
B10_rt_sigqueueinfo B11_prctl_mm B15_accept4 B15_setsockopt B15_shutdown
B17_perf_event_open B17_bpf B17_quotactl B17_name_to_handle_at
B17_open_by_handle_at B17_swapon B17_splice B17_landlock_create_ruleset
B17_unlink '
# And these need a capability that the setting has not got.
spared=' B17_kexec_load B17_init_module B17_reboot B17_acct B17_settimeofday '

mapfile -t rows < <(sed -nE 's/^\t\{ "([AB][0-9]+_[A-Za-z0-9_]+)", (SYS|X32|-?[0-9]).*/\1/p' \
	"$ROGUE_SOURCES/calls.c")
check "the table of calls is read" test "${#rows[@]}" -ge 100
for row in "${rows[@]}"; do
	act call "$row"
	if [[ $row == B8_execve ]]; then	# the rogue is the shell there
		has "$row succeeds without the layers" "$TMP/out" '^usage: Rogue'
	elif [[ $GOT =~ ^[0-9]+$ ]]; then
		ok "$row succeeds without the layers"
	elif [[ $GOT == "errno 38" || $GOT == "errno 97" ]]; then
		skip "$row succeeds without the layers" \
			"no control: this Linux has not got it ($GOT)"
	elif [[ $GOT == "errno 1" && $spared == *" $row "* ]]; then
		skip "$row succeeds without the layers" \
			"no control: it would change the machine"
	elif [[ $GOT == errno* && $returns == *[[:space:]]"$row"[[:space:]]* ]]; then
		ok "$row returns without the layers ($GOT)"
	else
		not_ok "$row succeeds without the layers" "${GOT:-no answer}"
		note <"$TMP/out"
	fi
done

# ---- those that are no row of the table ----

act B1_int_0x80
if grep -q '^CONFIG_IA32_EMULATION=y' <(zcat /proc/config.gz 2>/dev/null) ||
	[[ -n $GOT ]]; then
	is "B1_int_0x80 succeeds without the layers" "$GOT" 3	# its number there
else
	skip "B1_int_0x80 succeeds without the layers" \
		"no control: this Linux runs no 32-bit programs"
fi
act B8_own_code
is "B8_own_code succeeds without the layers" "$GOT" 42
run 20 "$ROGUE_BIN/Rogue" A10_inherited_descriptors 7<"$TMP"
has "A10_inherited_descriptors finds one that is left open" "$TMP/out" \
	'has descriptor 7$'

# ---- every attack has a control, or a reason why not ----

README=$TOP/tests/README.md
# shellcheck disable=SC2016 # the quotes of Markdown
mapfile -t without < <(sed -n '/^## Attacks without a control/,/^## /p' \
	"$README" | sed -nE 's/^\| `([A-Z][0-9A-Za-z_*]+)` \|.*/\1/p')
mapfile -t others < <(sed -nE \
	's/^\t\{ "([A-Z][0-9]+_[A-Za-z0-9_]+)", [a-z].*/\1/p' \
	"$ROGUE_SOURCES"/*.c)
check "the tables of attacks are read (${#others[@]})" \
	test "${#others[@]}" -ge 60
wrong='' used=''
for attack in "${others[@]}"; do
	[[ $attack != B1_int_0x80 && $attack != B8_own_code &&
		$attack != A10_inherited_descriptors ]] || continue
	found=''
	for pattern in "${without[@]}"; do
		# shellcheck disable=SC2053 # a pattern
		[[ $attack == $pattern ]] && found=$pattern
	done
	[[ -n $found ]] || wrong+=" $attack"
	used+=" $found"
done
is "each other attack is in the README with the reason why it has no control" \
	"$wrong" ""
is "no reason there is of an attack that is not" \
	"$(for pattern in "${without[@]}"; do
		[[ "$used " == *" $pattern "* ]] || echo "$pattern"
	done)" ""

machine | sort >"$TMP/after"
is "the machine is as it was" "$(diff "$TMP/before" "$TMP/after")" ""
done_testing
