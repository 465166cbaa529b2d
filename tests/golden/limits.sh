#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# What dkc says of sources that reach a limit: too large to stand beside the
# other bad ones, so each is made here. And of what the machine refuses it.
. "$(dirname "$0")/../lib/tap.sh"

DKC=${DKC:-$BUILD/bin/dkc}
[[ $DKC == /* ]] || DKC=$TOP/$DKC
[[ -x $DKC ]] || { not_ok "dkc is built" "$DKC is not there"; done_testing; }
cp -r "$TOP/tests/golden/psl/idl" "$TMP/idl"
cd "$TMP" || exit 1

use='use nk.base._ use nk.basic._'
# says NAME STATUS TEXT COMMAND...: the status, the text in one line, and little
# else.
says() {
	local name=$1 status=$2 text=$3
	shift 3
	run 60 "$@"
	is "$name: the status" "$STATUS" "$status"
	check "$name: $text" grep -qF -- "$text" "$TMP/out"
}
policy() { # NAME TEXT [OPTION...]: $TMP/policy.psl is refused
	local name=$1 text=$2
	shift 2
	says "$name" 1 "$text" "$DKC" build -I idl -o image.dk "$@" policy.psl
}
header() { # NAME TEXT FILE...: no header is made
	local name=$1 text=$2
	shift 2
	says "$name" 1 "$text" "$DKC" xdl -I xdl -o headers "$@"
}

# ---- policies ----

for i in $(seq 210); do
	echo "use deep$((i + 1))._" >"idl/deep$i.psl"
done
echo "use deep1._" >policy.psl
policy "files that use each other" \
	"idl/deep200.psl:1:5: error: 'use' is nested deeper than 200 files"

classes() { # N
	echo 'use nk.base._'
	seq -f 'task class c.C%.0f : probe.Asker' "$1"
}
classes 4095 >policy.psl
policy "many classes" \
	'policy.psl:4096:12: error: there are more than 4096 classes'
classes 4000 >policy.psl
policy "classes whose pairs are many" \
	'error: 4002 classes are too many for one image'
{
	classes 3661
	echo 'execute { grant () }'
} >policy.psl
policy "an image that would be large" \
	'error: the image would be larger than 256 MiB'

# A dictionary or list of N: '"k1" : VALUE' or '"k1"', with commas.
list() { # N [VALUE]
	seq -f "\"k%.0f\"${2:+ : $2}" -s ', ' "$1"
}
object() { # MODEL FILE CONFIG [TYPE]
	echo "use nk.$2._ policy object thing : $1 { ${4-} config = $3 }"
}
object Flow flow "{ states : [$(list 65)], initial : \"k1\", transitions : {} }" \
	'type State = "k1"' >policy.psl
policy "many states" 'are at most 64, found 65'
object Rbac rbac "{ roles : { \"r\" : [$(list 1000)], \"s\" : [$(list 100 |
	sed 's/k/p/g')] }, exclusive : [], pool_size : 1 }" >policy.psl
policy "many permissions" 'there are more than 1024 permissions'
{
	echo 'use nk.hashmap._'
	seq -f 'policy object set%.0f : HashSet {
		type Entry = UInt8 config = { set_size : 1, pool_size : 1 } }' 257
} >policy.psl
policy "many policy objects" 'there are more than 256 policy objects'

echo "task class $(printf 'a%.0s' {1..300}).B : probe.Asker" >policy.psl
policy "a long class" 'is longer than 255 bytes'
{
	echo "$use use EDL probe.Asker"
	echo 'execute {'
	seq -f 'grant () /* %.0f */' 1025
	echo '}'
} >policy.psl
policy "many rules of one event" \
	'policy.psl:2:1: error: more than 1024 rules are called by one event'
{
	echo "$use use EDL probe.Target"
	echo 'request dst=probe.Target endpoint=probe method=All { assert ('
	for i in $(seq 1100); do
		echo "message.u64 == $i ||"
	done
	echo 'message.u8 == 1) }'
} >policy.psl
policy "a long rule" \
	'policy.psl:2:54: error: this rule is too long: the evaluator takes 4096'

# ---- start lists ----

echo "$use use EDL probe.Asker" >policy.psl
{
	echo 'entities: [ { name: probe.Asker, path: A, args: ['
	seq -f '"%.0f",' 4097
	echo '] } ]'
} >init.yaml
policy "a long list" \
	'error: a list of this entity has more than 4096 elements' \
	--init init.yaml
{
	echo 'entities:'
	seq -f '- { name: probe.Asker, task: T%.0f, path: A }' 4097
} >init.yaml
policy "many tasks" 'init.yaml:4098:30: error: there are more than 4096 tasks' \
	--init init.yaml

{
	echo 'entities: [ { name: probe.Asker, path: A } ]'
	echo 'users:'
	seq -f '  user%.0f: probe.Asker' 257
} >init.yaml
policy "many users" 'error: there are more than 256 users' --init init.yaml
truncate -s 17M idl/Large.psl
echo 'use Large._' >policy.psl
policy "a large policy" 'cannot read idl/Large.psl: File too large'

# ---- interfaces ----

mkdir -p xdl/far
long=$(printf 'n%.0s' {1..256})
echo "package L interface { $long(); }" >xdl/L.idl
header "a long name" \
	'L.idl:1:23: error: found a name of 256 bytes, expected at most 255' xdl/L.idl
{
	echo 'package M interface {'
	seq -f 'M%.0f();' 65537
	echo '}'
} >xdl/M.idl
header "many methods" \
	'M.idl:65538:1: error: found 65537 methods, expected at most 65536' \
	xdl/M.idl
{
	echo 'package T const UInt32 C0 = 1;'
	for i in $(seq 210); do
		echo "const UInt32 C$((210 - i + 1)) = C$((210 - i)) + 1;"
	done
	echo 'interface { M(in array<UInt8, C210> a); }'
} >xdl/T.idl
header "constants through each other" \
	'declarations lead through each other more than 200 deep' xdl/T.idl
for i in $(seq 210); do
	echo "package far.F$i import far.F$((i + 1)) interface { }" \
		>"xdl/far/F$i.idl"
	echo "component far.D$i components { c : far.D$((i + 1)) }" \
		>"xdl/far/D$i.cdl"
done
header "imports through each other" \
	'files lead through each other more than 200 deep' xdl/far/F1.idl
header "components through each other" \
	'files lead through each other more than 200 deep' xdl/far/D1.cdl
{
	echo 'package E const UInt32 C = 1'
	seq -f '+ %.0f' 1001
	echo ';'
} >xdl/E.idl
header "a long expression" \
	'error: the expression has more than 1000 operators' xdl/E.idl
part=$(printf 'p%.0s' {1..200})
echo "package Q interface { M(); }" >xdl/Q.idl
echo "component K endpoints { $part : Q }" >xdl/K.cdl
echo "task class V components { $part : K }" >xdl/V.edl
header "a long path of an endpoint" \
	"error: the endpoint's path has 401 bytes, expected at most 255" xdl/V.edl

# ---- what the machine refuses ----

mkdir -p headers/Q.idl.h
says "a header where a folder is" 3 'Q.idl.h' "$DKC" xdl -I xdl -o headers \
	xdl/Q.idl
name=$(printf 'w%.0s' {1..248})
echo "package $name interface { M(); }" >"xdl/$name.idl"
says "a header whose name is long" 3 "dkc: cannot write headers/$name" \
	"$DKC" xdl -I xdl -o headers "xdl/$name.idl"
printf 'execute   { }\n' >"$name.psl"
says "a file laid out whose name is long" 3 "dkc: cannot write $name.psl" \
	"$DKC" fmt "$name.psl"
{
	printf 'entities: '
	printf '[%.0s' {1..201}
	printf ']%.0s' {1..201}
	echo
} >deep.yaml
says "a deep start list to lay out" 1 'deep.yaml:1:' "$DKC" fmt deep.yaml
says "nothing to lay out" 2 'no FILE is given' "$DKC" fmt
says "what is no source to lay out" 2 'image.dk is no .edl, .cdl, .idl, .psl' \
	"$DKC" fmt image.dk

echo "$use use EDL probe.Target request dst=probe.Target { grant () }" >policy.psl
check "an image is made" "$DKC" build -I idl -o image.dk policy.psl
says "a graph of nothing" 2 'no image or policy is given' "$DKC" graph
says "a graph of two" 2 'more than one file is given' "$DKC" graph image.dk \
	image.dk
says "a graph of another form" 2 "--format is dot, svg or html, not 'png'" \
	"$DKC" graph --format png image.dk
says "a graph in place of its image" 2 'image.dk is what is drawn' "$DKC" graph \
	-o image.dk image.dk
says "a graph in no folder" 3 'dkc: cannot write none/x.html' "$DKC" graph \
	-o none/x.html image.dk
says "a graph of an image with a policy's options" 2 \
	'--init is for a policy, and an image is given' "$DKC" graph \
	--init init.yaml image.dk
echo "$(<policy.psl) assert { never request src=x.Nobody }" >nobody.psl
says "a graph of a never of no class" 1 "unknown class 'x.Nobody'" "$DKC" \
	graph -I idl nobody.psl
says "an SVG without Graphviz" 3 'whose dot is not here' env PATH=/none "$DKC" \
	graph --format svg image.dk

# A cell of the image changed, with a digest that fits: the proof's own refusal.
at=$(od -An -tu4 -j $((48 + 8 * 8)) -N 4 image.dk | tr -d ' ')
cp image.dk unsound.dk
printf '\377\377\377\377' |
	dd of=unsound.dk bs=1 seek="$at" conv=notrunc 2>/dev/null
head -c 32 /dev/zero | dd of=unsound.dk bs=1 seek=16 conv=notrunc 2>/dev/null
sha256sum unsound.dk | cut -c1-64 | sed 's/../\\x&/g' | {
	read -r digest
	# shellcheck disable=SC2059 # the digest's bytes
	printf "$digest"
} | dd of=unsound.dk bs=1 seek=16 conv=notrunc 2>/dev/null
says "an unsound image" 1 '(section 8, element 0)' "$DKC" dump unsound.dk

done_testing
