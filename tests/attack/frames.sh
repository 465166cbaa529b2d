# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# Ten thousand malformed frames of every kind, written straight to the sockets:
# each gets a status or ends the program that sent it, is audited, summarised
# when many, and everybody else goes on. And what is decided is what arrives, by the
# policy that was there at the start. Rows C8, C20, C22, C28.
# limit: 600

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/rogue.sh"
need_root
guard_take "$TMP"

N=${ROGUE_FRAMES:-10000}
mapfile -t kinds < <(sed -nE \
	's/^\t\{ "(C[0-9]+_[a-z0-9_]+)", run, [a-z_0-9]+ \},$/\1/p' \
	"$ROGUE_SOURCES"/{frames,bodies}.c)
check "the tables of frames are read" test "${#kinds[@]}" -ge 28

# Those of which some are good by chance, or have an answer as a matter of course.
declare -A may_answer=(
	[C8_random_bytes]=1 [C8_body_chance]=1
)

batch=0
while [[ ${#kinds[@]} -gt $batch ]]; do
	name=frames$batch
	rogue_begin "$name" 200 10
	for kind in "${kinds[@]:batch:6}"; do
		rogue_add "$name" "$kind" "$kind" "$N"
	done
	rogue_run "$name" 120
	for kind in "${kinds[@]:batch:6}"; do
		sent=$(rogue_number "$kind" sent)
		silent=$(rogue_number "$kind" silent)
		responses=$(rogue_number "$kind" responses)
		if grep -qE "^\\[${kind}\\] .*socket ended|^\\[${kind}\\] .*send failed" \
			"$TMP/out" || [[ -z $sent ]]; then
			# Ended for it: then the audit must say so.
			has "$kind ends the program" "$TMP/out" \
				"^dkd: KILLED .*[^A-Za-z0-9_]${kind}[^A-Za-z0-9_]"
		else
			is "$kind is sent $N times" "$sent" "$N"
			is "$kind gets a status each time" "$silent" 0
			[[ -n ${may_answer[$kind]-} ]] ||
				is "$kind is never taken for a request" \
					"${responses:-0}" 0
			has "$kind leaves the sender's good requests alone" \
				"$TMP/out" "^\\[${kind}\\] .*good ([0-9]+) of \\1[^0-9]"
		fi
		records=$(rogue_records "$kind")
		check "$kind is audited" test "$records" -ge 1
		check "$kind is summarised ($records records)" test "$records" -le 200
		has "$kind: it says how many more there were" "$TMP/out" \
			"^dkd: $kind: [0-9]+ more like this "
	done
	batch=$((batch + 6))
done

rogue_begin others 100 10
rogue_add others version C8_wrong_version
rogue_add others empty C8_empty_packet
rogue_add others kernel C8_kernel_endpoint "$N"
rogue_run others 120
has_not "C8_wrong_version ends the program" "$TMP/out" 'SURVIVED'
has "C8_wrong_version is audited" "$TMP/out" \
	'^dkd: KILLED .*[^A-Za-z0-9_]version[^A-Za-z0-9_]'
# Either its end is closed or it goes on; nobody else may notice.
has "C8_empty_packet gets an end or a status" "$TMP/out" \
	'^\[empty\] .*good [01] of 1|^dkd: .*[^A-Za-z0-9_]empty[^A-Za-z0-9_]'
is "C8_kernel_endpoint gets a status each time" "$(rogue_number kernel silent)" 0
is "C8_kernel_endpoint is sent $N times" "$(rogue_number kernel sent)" "$N"

# ---- what changes meanwhile ----

rogue_begin changes 100 10
rogue_add changes body C28_body_that_changes 5000
echo '  sandbox: {threads: 2}' >>"$TMP/changes.yaml"
rogue_run changes 60
has "C28_body_that_changes arrives as it was granted" "$TMP/out" \
	'^\[body\] .*: right [1-9][0-9]*, wrong 0, all 5000 of 5000$'
has "C28_body_that_changes is denied when it was not" "$TMP/out" \
	'^dkd: DENIED .*[^A-Za-z0-9_]body[^A-Za-z0-9_]'

# An image in the place of the one that was begun with: by its name, and in it.
rogue_begin begun 100000 10
rogue_add begun late C25_denials 500
echo '  start: demand' >>"$TMP/begun.yaml"
sed 's/{ assert (message.n == 4711) }/{ grant () }/' \
	"$ROGUE_SOURCES/security.psl" >"$TMP/other.psl"
image() { # NAME POLICY
	check "C20_$1 compiles" "$DKC" build -I "$ROGUE_SOURCES" \
		--init "$TMP/begun.yaml" -o "$TMP/$1.dk" "$2"
}
image begun "$ROGUE_SOURCES/security.psl"
image other "$TMP/other.psl"
late() { # NAME COMMAND...: sets DENIED, what is denied after COMMAND
	local name=$1
	shift
	spawn "$name" "$DK" run --bin "$ROGUE_BIN" --grace 200 \
		--control "$TMP/$name.sock" "$TMP/$name.dk"
	await_line "$TMP/$name.out" 'started rogue\.Bystander' 20
	"$@"
	run 30 "$DK" spawn -s "$TMP/$name.sock" late
	DENIED=$(sed -nE 's/^.*C25_denials: (denied .*)/\1/p' "$TMP/out")
	kill -TERM "$PID"
	await "$PID" 20
}
# shellcheck disable=SC2317 # late is given its name
replace_image() {
	cp "$TMP/other.dk" "$TMP/begun.dk"
	cp "$TMP/other.dk" "$TMP/new.dk"
	mv -f "$TMP/new.dk" "$TMP/begun.dk"
}
late begun replace_image
is "C20_an image that is replaced changes no verdict" "$DENIED" \
	"denied 500 of 500"
late other true
is "C20_control: the other one grants" "$DENIED" "denied 0 of 500"

done_testing
