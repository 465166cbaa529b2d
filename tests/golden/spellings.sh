#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# Where versions of the languages differ, or leave a choice, each spelling means
# the same: the same image and the same headers, byte for byte. An image holds the
# line and the column of every rule: those stay where they are.
. "$(dirname "$0")/../lib/tap.sh"

DKC=${DKC:-$BUILD/bin/dkc}
mkdir -p "$TMP/plain/shop"
cd "$TMP/plain" || exit 1
cat >shop/Till.idl <<'IN'
package shop.Till
const UInt32 Most = 64;
interface {
	Pay(in UInt32 cents, in string<Most> what, out UInt32 total);
}
IN
cat >shop/Desk.cdl <<'IN'
component shop.Desk
endpoints { till : shop.Till }
IN
cat >shop/Shop.edl <<'IN'
entity shop.Shop
components { desk : shop.Desk }
endpoints { side : shop.Till }
IN
echo 'entity shop.Guest' >shop/Guest.edl
cat >security.psl.in <<'IN'
use nk.base._
use nk.basic._
use nk.flow._
use nk.staticmap._
use EDL kl.core.Core
use EDL Einit
use EDL kl.core.NameServer
use EDL shop.Shop
use EDL shop.Guest
policy object session : Flow {
	type State = "shut" | "open"
	config = { states : ["shut", "open"], initial : "shut",
		   transitions : { "shut" : ["open"], "open" : ["shut"] } }
}
policy object quota : StaticMap {
	type Value = UInt32
	config = { keys : { "left" : 2 }, pool_size : 2 }
}
execute { grant () }
request src = shop.Guest, dst = shop.Shop, endpoint = desk.till, method = Pay {
	assert (message.cents < 0x64)
	match src = shop.Guest { grant () }
	session.enter {sid : src_sid, state : "open"}
	assert (quota.get_uncommitted {sid : src_sid, key : "left"} > 0)
}
response src = shop.Shop { grant () }
IN
cat >init.yaml.in <<'IN'
entities:
- name: kl.core.NameServer
- name: shop.Shop
  args: [a, "b c"]
  env: {HOME: /}
- name: shop.Guest
  task: guest
  connections:
  - target: shop.Shop
    id: till
IN

# shellcheck disable=SC2317 # check calls it
build() { # FOLDER [OPTION...]: its image and its headers
	(cd "$1" && shift && rm -rf got && mkdir got &&
		"$DKC" build -I . "$@" --init init.yaml.in -o got/image.dk \
			security.psl.in &&
		"$DKC" xdl -I . -o got/h shop/*.?dl) 2>&1
}
check "the solution compiles" build "$TMP/plain"

# same NAME FILE SED [OPTION...]: the file written otherwise.
same() {
	local name=$1 file=$2 change=$3
	shift 3
	rm -rf "$TMP/other"
	cp -r "$TMP/plain" "$TMP/other"
	sed -i -E "$change" "$TMP/other/$file"
	if cmp -s "$TMP/plain/$file" "$TMP/other/$file"; then
		not_ok "$name" "nothing was written otherwise"
		return
	fi
	check "$name: it compiles" build "$TMP/other" "$@"
	check "$name: the same image" \
		cmp "$TMP/plain/got/image.dk" "$TMP/other/got/image.dk"
	check "$name: the same headers" \
		diff -r "$TMP/plain/got/h" "$TMP/other/got/h"
}

same "task class for entity" shop/Shop.edl 's/^entity/task class/'
same "interfaces for endpoints, EDL" shop/Shop.edl 's/^endpoints/interfaces/'
same "interfaces for endpoints, CDL" shop/Desk.cdl 's/^endpoints/interfaces/'
same "sections in another order" shop/Shop.edl \
	'2{h;d};3{G}'
same "a constant in hexadecimal" shop/Till.idl 's/64/0x40/'
same "a constant in octal" shop/Till.idl 's/64/0o100/'
same "a constant computed" shop/Till.idl 's/64/(1 << 3) ** 2/'
same "task class X : X for use EDL X" security.psl.in \
	's/^use EDL (shop.*)/task class \1 : \1/'
same "grant() for grant ()" security.psl.in 's/grant \(\)/grant()/'
same "base.grant for grant" security.psl.in 's/grant \(\)/base.grant ()/'
same "assert(…) for assert (…)" security.psl.in 's/assert \(/assert(/'
same "a literal in decimal" security.psl.in 's/0x64/100/'
same "selectors split by blanks" security.psl.in '/^request/s/,/ /g'
same "a comma behind the last selector" security.psl.in \
	's/method = Pay \{/method = Pay, {/'
same "no blanks around =" security.psl.in 's/match src = (.*) \{/match src=\1   {/'
same "States for State" security.psl.in 's/type State =/type States =/'
same "get_uncommited for get_uncommitted" security.psl.in \
	's/get_uncommitted/get_uncommited/'
same "a block of one line" init.yaml.in 's/^  env: .*/  env: { "HOME": "\/" }/'
same "quoted names" init.yaml.in 's/(name|task|target|id): (.*)/\1: "\2"/'
same "names in single quotes" init.yaml.in "s/(name|task|target|id): (.*)/\1: '\2'/"
same "an argument without quotes" init.yaml.in 's/"b c"/b c/'
same "a comment" init.yaml.in 's/^(- name: shop.Shop)/\1 # one/'
same "@INIT_EXTERNAL_ENTITIES@, start list" init.yaml.in \
	's/^- name: kl.core.NameServer/@INIT_EXTERNAL_ENTITIES@/'
same "@INIT_EXTERNAL_ENTITIES@, policy" security.psl.in \
	's/^use EDL kl.core.NameServer/@INIT_EXTERNAL_ENTITIES@/'
same "@INIT_…_ENTITY_CONNECTIONS@" init.yaml.in \
	's/^(- name: shop.Shop)/\1\n@INIT_shop.Shop_ENTITY_CONNECTIONS@/'
same "@INIT_…_ENTITY_CONNECTIONS+@" init.yaml.in \
	's/^(    id: till)/\1\n@INIT_shop.Guest_ENTITY_CONNECTIONS+@/'
same "@NAME@" security.psl.in 's/0x64/@LIMIT@/' -D LIMIT=0x64
same "{% if %}" security.psl.in \
	's/^(response .*)/\1{% if SHOP == "shut" %}nothing{% else %}{% endif %}/' \
	-D SHOP=open

# The test sees a difference.
rm -rf "$TMP/other"
cp -r "$TMP/plain" "$TMP/other"
sed -i 's/0x64/0x65/' "$TMP/other/security.psl.in"
check "another number compiles" build "$TMP/other"
check_not "and is another image" \
	cmp "$TMP/plain/got/image.dk" "$TMP/other/got/image.dk"
done_testing
