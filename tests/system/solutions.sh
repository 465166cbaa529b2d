# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# Solutions in tests/solutions, written from the languages' page alone, built as
# their owner would and run: what each program prints is in expected.txt, line by
# line and task by task. Then the same with other policies.
# UPDATE=1 rewrites the expectations.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/solution.sh"
need_root
guard_take "$TMP"

SOLUTIONS=$TOP/tests/solutions

# What the tasks said, one after another; each one's lines in their order.
# shellcheck disable=SC2317 # called by expect
said_by_task() {
	grep '^\[' "$TMP/out" | sort -s -t ']' -k 1,1
}

# Programs and image in $TMP/NAME, without a word of any compiler.
build() { # NAME
	if solution_programs "$SOLUTIONS/$1" "$TMP/$1" >"$TMP/words" 2>&1 &&
		solution_image "$SOLUTIONS/$1" "$TMP/$1/$1.dk" \
			"$SOLUTIONS/$1/security.psl" "$SOLUTIONS/$1/init.yaml" \
			>>"$TMP/words" 2>&1; then
		ok "$1 is built"
	else
		not_ok "$1 is built"
		note <"$TMP/words"
		return 1
	fi
	is "$1: no compiler has anything to say" "$(cat "$TMP/words")" ""
}

# Runs $TMP/NAME/NAME.dk until the tasks named have ended.
start() { # NAME TASK...
	local name=$1 task
	local -a waits=()
	shift
	for task; do
		waits+=(--wait "$task")
	done
	run 60 "$DK" run --bin "$TMP/$name" "${waits[@]}" "$TMP/$name/$name.dk"
	has_not "$name: every charge is returned" "$TMP/out" '^dkd: BUG'
}

# The output, said_by_task or another's, is what is expected.
expect() { # NAME [COMMAND]
	local want=$SOLUTIONS/$1/expected.txt
	is "$1: the run ends with 0" "$STATUS" 0
	{
		head -n 2 "$want"
		"${2:-said_by_task}"
	} >"$TMP/said"
	[[ -z ${UPDATE-} ]] || cp "$TMP/said" "$want"
	if diff -u "$want" "$TMP/said" >"$TMP/diff"; then
		ok "$1: every program prints what it should"
	else
		not_ok "$1: every program prints what it should"
		note <"$TMP/diff"
		grep '^dkd' "$TMP/out" | note
	fi
}

# Another policy for the same programs: security.psl through sed.
policy() { # NAME EXPRESSION
	sed -E "$2" "$SOLUTIONS/$1/security.psl" >"$TMP/other.psl"
	if cmp -s "$SOLUTIONS/$1/security.psl" "$TMP/other.psl"; then
		not_ok "$1: the policy is another one" "$2"
	fi
	check "$1: the other policy compiles" solution_image \
		"$SOLUTIONS/$1" "$TMP/$1/$1.dk" "$TMP/other.psl" \
		"$SOLUTIONS/$1/init.yaml"
}

refused() { # NAME REGEX: the daemon's record
	has "$1" "$TMP/out" "^dkd: (DENIED|MALFORMED|REFUSED) .*$2"
}

# ---- a static channel, two clients, unqualified names ----

if build echo; then
	start echo Client1 Client2
	expect echo
	has_not "echo: nothing is refused" "$TMP/out" '^dkd: (DENIED|REFUSED)'
	has_not "echo: the server's loop gets no error" "$TMP/out" \
		'nk_transport_[a-z]+ error'
	policy echo '/^response/s/grant\(\)//'
	start echo Client1 Client2
	has "echo: a response without a rule is refused" "$TMP/out" \
		'^\[Client1\] Failed to call Ping'
fi

# ---- the name server, listeners, threads ----

# Whom a clerk meets first, and where it comes from, is nobody's to say.
# shellcheck disable=SC2317 # called by expect
bureau_said() {
	grep '^\[' "$TMP/out" | grep -v '^\[kl\.core\.NameServer\]' |
		sed -E 's/^(\[Clerk.*) of [A-Za-z.0-9]+, /\1, /' | sort
}
if build bureau; then
	start bureau Visitor1 Visitor2 bureau.Stranger
	expect bureau bureau_said
	refused "bureau: who may not enumerate is recorded" \
		'bureau\.Stranger.* ns\.NS\.EnumServices: no rule'
	refused "bureau: who may not connect is recorded" \
		'bureau\.Stranger.* cm\.CM\.Connect: denied by base\.assert'
	refused "bureau: a request on a new channel is decided" \
		'bureau\.Stranger.*ClerkA.* archive\.Close: no rule'
	has "bureau: nobody publishes for another" "$TMP/out" \
		'not published bureau\.IClerk: clerk of Visitor1'
	policy bureau '/^request src = bureau.Visitor, dst = bureau.Clerk/s/Visitor/Stranger/'
	start bureau Visitor1 Visitor2 bureau.Stranger
	has "bureau: the stranger's channel works once granted" "$TMP/out" \
		'^\[bureau\.Stranger\] close: rcOk'
	has "bureau: the visitors' do not any more" "$TMP/out" \
		'^\[Visitor1\] archive at ClerkB: rcSecurityDisallow'
fi

# ---- error responses ----

if build bank; then
	start bank bank.Teller bank.Auditor bank.Trainee
	expect bank
	refused "bank: an error event without a rule is recorded" \
		'error .*bank\.Vault.*bank\.Trainee.* vault\.Withdraw: no rule'
	refused "bank: an error event is denied by its parameter" \
		'error .*bank\.Auditor.* vault\.Withdraw: denied by base\.assert'
	policy bank '/^error.*Teller/s/Teller/Trainee/'
	start bank bank.Teller bank.Auditor bank.Trainee
	has "bank: the trainee hears it once granted" "$TMP/out" \
		'^\[bank\.Trainee\] withdraw 6000: broke \(100\), at most 900'
	has "bank: the teller does not any more" "$TMP/out" \
		'^\[bank\.Teller\] withdraw 2000: rcSecurityDisallow'
	has "bank: answers without an error are not touched" "$TMP/out" \
		'^\[bank\.Teller\] withdraw 400: 600 left'
fi

# ---- nested components, all kinds of types ----

if build museum; then
	start museum museum.Guest
	expect museum
	refused "museum: a nested endpoint without a rule is recorded" \
		' old\.west\.hall\.List: no rule'
	refused "museum: a tag that names no member is recorded" \
		'^?request .* hall\.Marks: a union'
	refused "museum: a number that is no endpoint's is recorded" \
		'no such endpoint'
fi

# ---- C++ on both sides ----

if ! command -v "${CXX:-g++}" >/dev/null; then
	skip "shelf: a client and a server in C++" "there is no ${CXX:-g++}"
elif build shelf; then
	start shelf shelf.Reader
	expect shelf
	refused "shelf: a field of a struct is decided" \
		' shelf\.Put: denied by base\.assert'
	refused "shelf: a string that is too long is recorded" \
		'request .* shelf\.Put: '
fi

# ---- rules on parameters of each type ----

if build crossing; then
	start crossing Control
	expect crossing
	refused "crossing: the rule that denied is named" \
		' lights\.mode\.FSet: denied by base\.deny at .*control\.psl:[0-9]+ \['
	refused "crossing: what overflows is said to" \
		'events\.Large: denied by what cannot be computed'
	sed 's/^#define NK_USE_UNQUALIFIED_NAMES$//' \
		"$SOLUTIONS/crossing/ControlSystem.c" |
		sed -E '/^#/!s/\b(IMode|IEvents)(_|\b)/traffic_light_\1\2/g' \
			>"$TMP/Control.c"
	check "crossing: the same client with qualified names compiles" \
		"${CC:-gcc}" -std=gnu17 -Wall -Wextra -Werror -static-pie -fPIE \
		-I "$TMP/crossing/gen" -I "$BUILD/include" -o \
		"$TMP/crossing/ControlSystem" "$TMP/Control.c" \
		"$BUILD/lib/libdk.a"
	start crossing Control
	expect crossing
fi

# ---- what a program asks the security module ----

if build crane; then
	start crane crane.Operator crane.Foreman crane.Visitor
	expect crane
	refused "crane: a denied question names its rule" \
		'security +crane\.Operator \(sid [0-9]+\) crane\.ISafety\.Lift: denied by base\.assert at '
	refused "crane: a question without a rule is recorded" \
		'crane\.ISafety\.Demolish: no rule'
	has "crane: a malformed question is recorded" "$TMP/out" \
		'^dkd: MALFORMED security .*crane\.ISafety\.Lift: '
	refused "crane: a class without a security interface is recorded" \
		'crane\.Visitor .*no security interface'
	policy crane 's/crane\.Foreman, method = Demolish/crane.Operator, method = Demolish/'
	start crane crane.Operator crane.Foreman crane.Visitor
	has "crane: the operator demolishes once granted" "$TMP/out" \
		'^\[crane\.Operator\] demolish: rcOk'
	has "crane: the foreman does not any more" "$TMP/out" \
		'^\[crane\.Foreman\] demolish: rcSecurityDisallow'
fi

# ---- channels given away ----

if build courier; then
	start courier courier.Guest courier.Thief
	expect courier
	refused "courier: a response that would give a channel away is denied" \
		'response .*courier\.Porter.*courier\.Thief.* porter\.Borrow'
	refused "courier: a channel to oneself is seen by its sid" \
		'courier\.Guest.* porter\.Lend: denied by base\.assert'
	policy courier 's/match method = Borrow \{ assert \(message.door.*/match method = Borrow { grant () }/'
	start courier courier.Guest courier.Thief
	has "courier: the thief gets a channel once granted" "$TMP/out" \
		'^\[courier\.Thief\] borrow 1: rcOk, a handle'
	refused "courier: its requests there are decided as the thief's" \
		'courier\.Thief.*Front.* door\.Answer: no rule'
fi

# ---- every header, every name ----

if build almanac; then
	start almanac almanac.Reader
	expect almanac
fi
headers=(coresrv/nk/transport-kos.h coresrv/sl/sl_api.h coresrv/ns/ns_api.h
	coresrv/cm/cm_api.h coresrv/handle/handle_api.h
	coresrv/thread/thread_api.h coresrv/time/time_api.h
	coresrv/entity/entity_api.h nk/types.h nk/arena.h nk/transport.h
	rtl/retcode.h rtl/retcode_hr.h rtl/string.h rtl/stdio.h rtl/minmax.h
	rtl/countof.h rtl/compiler.h kos/trace.h kos/thread.h kos/mutex.h
	dk/security.h)

# Each header alone, twice; then the generated ones of all solutions.
header_compiles() { # HEADER COMPILER...
	local header=$1
	shift
	printf '#include <%s>\n#include <%s>\nextern int one;\n' "$header" \
		"$header" | "$@" -Wall -Wextra -Wpedantic -Werror -fsyntax-only \
		-I "$BUILD/include" -
}
headers_compile() { # NAME COMPILER...
	local name=$1 header bad=''
	shift
	for header in "${headers[@]}"; do
		header_compiles "$header" "$@" 2>>"$TMP/headers.out" ||
			bad+=" $header"
	done
	for dir in "$TMP"/*/gen; do
		while read -r header; do
			header_compiles "$header" "$@" -I "$dir" \
				2>>"$TMP/headers.out" || bad+=" $header"
		done < <(cd "$dir" && find . -name '*.h' | sed 's,^\./,,')
	done
	is "$name: each header compiles alone" "$bad" ""
	[[ -z $bad ]] || head -n 40 "$TMP/headers.out" | note
}
headers_compile "gcc, gnu11" gcc -std=gnu11 -x c
headers_compile "gcc, c11" gcc -std=c11 -x c
headers_compile "gcc, c17, all names" gcc -std=c17 -DNK_USE_UNQUALIFIED_NAMES -x c
if command -v g++ >/dev/null; then
	headers_compile "g++, c++17" g++ -std=c++17 -x c++
	headers_compile "g++, c++11, all names" \
		g++ -std=c++11 -DNK_USE_UNQUALIFIED_NAMES -x c++
else
	skip "g++: each header compiles alone" "there is no g++"
fi
if command -v clang >/dev/null; then
	headers_compile "clang, c17" clang -std=c17 -x c
	headers_compile "clang, c++17" clang -std=c++17 -x c++
else
	skip "clang: each header compiles alone" "there is no clang"
fi

for name in "${headers[@]}" Handle INVALID_HANDLE ServiceId nk_iid_t \
	INVALID_RIID NK_IID_MAX NsHandle NS_INVALID_HANDLE NkKosTransport Retcode \
	INFINITE_TIMEOUT nk_{u,s}int{8,16,32,64}_t nk_char_t nk_bool_t nk_size_t \
	nk_ptr_t nk_sid_t nk_mid_t nk_handle_desc_t NK_NULL NK_TRUE NK_FALSE \
	nk_unused nk_assert nk_static_assert nk_min nk_max nk_handle_desc \
	nk_get_handle rtl_uint{8,16,32,64}_t rtl_size_t RTL_NULL rtl_min rtl_max \
	rtl_countof __rtl_unused rtl_strncpy rtl_memcpy rtl_printf KnHandleClose \
	KnSleep KnGetMSecSinceStart KosThreadSleep KosMutexInit KosMutexLock \
	KosMutexUnlock KosMutex KosThreadCreate NsCreate NsPublishService \
	NsUnPublishService NsEnumServices KnCm{Connect,Listen,Accept,Drop} \
	ServiceLocator{Connect,Register,GetRiid} nk_transport_{call,recv,reply} \
	nk_req_reset nk_err_reset NK_ARENA_{INITIALIZER,AUTO} \
	nk_arena_{reset,alloc,store,get,validate} \
	NK_{EOK,ENOENT,EINVAL,EPERM,ENOMEM,EBADMSG} rcOk rcInvalidArgument \
	rcSecurityDisallow rcNotConnected rcTimeout rcResourceNotFound rcBusy \
	rcFail; do
	grep -rqw --include='*.c' --include='*.cpp' -- "$name" "$SOLUTIONS" ||
		missing+=" $name"
done
is "every name of the languages' page is used" "${missing-}" ""

done_testing
