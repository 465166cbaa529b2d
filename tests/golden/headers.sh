#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# The public C interface, whole: each header that sources include, alone, in C and
# in C++; each name that they bring, as what sources use it for; each prototype.
. "$(dirname "$0")/../lib/tap.sh"

mkdir -p "$TMP/include/dk"
cp -r "$TOP/apps/lib/include/." "$TMP/include"
cp "$TOP/kernel/abi/layout.h" "$TMP/include/dk/layout.h"

headers='
coresrv/nk/transport-kos.h coresrv/sl/sl_api.h coresrv/ns/ns_api.h
coresrv/cm/cm_api.h coresrv/handle/handle_api.h coresrv/thread/thread_api.h
coresrv/time/time_api.h coresrv/entity/entity_api.h nk/types.h nk/arena.h
nk/transport.h rtl/retcode.h rtl/retcode_hr.h rtl/string.h rtl/stdio.h
rtl/minmax.h rtl/countof.h rtl/compiler.h kos/trace.h kos/thread.h kos/mutex.h
'

# Types, of which a variable is made; values, which are read; macros of all kinds.
types='
Handle ServiceId nk_iid_t NsHandle NkKosTransport Retcode KosMutex Tid
nk_uint8_t nk_uint16_t nk_uint32_t nk_uint64_t nk_sint8_t nk_sint16_t
nk_sint32_t nk_sint64_t nk_char_t nk_bool_t nk_size_t nk_ptr_t nk_sid_t nk_mid_t
nk_handle_desc_t nk_err_t rtl_uint8_t rtl_uint16_t rtl_uint32_t rtl_uint64_t
rtl_size_t
'
structs='nk_message nk_arena nk_transport'
values='
INVALID_HANDLE INVALID_RIID NK_IID_MAX NS_INVALID_HANDLE INFINITE_TIMEOUT NK_NULL
NK_TRUE NK_FALSE RTL_NULL NK_EOK NK_ENOENT NK_EINVAL NK_EPERM NK_ENOMEM
NK_EBADMSG rcOk rcFail rcInvalidArgument rcSecurityDisallow rcNotConnected
rcTimeout rcResourceNotFound rcBusy
'
macros='
nk_unused nk_assert nk_static_assert nk_min nk_max rtl_min rtl_max rtl_countof
__rtl_unused NK_ARENA_INITIALIZER NK_ARENA_AUTO nk_arena_alloc nk_arena_store
nk_arena_get nk_req_reset nk_err_reset nk_transport_recv RETCODE_HR_FMT RETCODE_HR_PARAMS
'
functions='
nk_handle_desc nk_get_handle nk_arena_reset nk_arena_validate rtl_strncpy
rtl_memcpy rtl_printf KosThreadSleep KosMutexInit KosMutexLock KosMutexUnlock
'
prototypes='
Handle ServiceLocatorConnect(const char *)
Handle ServiceLocatorRegister(const char *, const char *, rtl_size_t, ServiceId *)
nk_iid_t ServiceLocatorGetRiid(Handle, const char *)
Retcode NsCreate(const char *, rtl_uint32_t, NsHandle *)
Retcode NsPublishService(NsHandle, const char *, const char *, const char *)
Retcode NsUnPublishService(NsHandle, const char *, const char *, const char *)
Retcode NsEnumServices(NsHandle, const char *, unsigned, char *, rtl_size_t, char *, rtl_size_t)
Retcode KnCmConnect(const char *, const char *, rtl_uint32_t, Handle *, rtl_uint32_t *)
Retcode KnCmListen(const char *, rtl_uint32_t, char *, char *)
Retcode KnCmAccept(const char *, const char *, rtl_uint32_t, Handle, Handle *)
Retcode KnCmDrop(const char *, const char *)
Retcode KnHandleClose(Handle)
void KnSleep(rtl_uint32_t)
rtl_size_t KnGetMSecSinceStart(void)
Retcode KosThreadCreate(Tid *, rtl_uint32_t, rtl_uint32_t, int (*)(void *), void *, int)
void NkKosTransport_Init(NkKosTransport *, Handle, const char *, nk_iid_t)
nk_err_t nk_transport_call(struct nk_transport *, struct nk_message *, const struct nk_arena *, struct nk_message *, struct nk_arena *)
nk_err_t nk_transport_reply(struct nk_transport *, struct nk_message *, const struct nk_arena *)
'

compilers=("gcc -std=c17" "clang -std=c17" "g++ -std=c++17 -x c++")
compile() { # NAME FILE: by all that there are
	local compiler
	for compiler in "${compilers[@]}"; do
		if ! command -v "${compiler%% *}" >/dev/null; then
			skip "$1 (${compiler%% *})" "it is not installed"
			continue
		fi
		# shellcheck disable=SC2086 # words of a command
		check "$1 (${compiler%% *})" $compiler -Wall -Wextra -Werror \
			-I "$TMP/include" -c -o "$TMP/all.o" "$2"
	done
}

for header in $headers; do
	printf '#include <%s>\n' "$header" >"$TMP/alone.c"
	compile "$header stands alone" "$TMP/alone.c"
done

# One function for each name, so that a compiler says which it does not know.
n=0
{
	for header in $headers; do
		printf '#include <%s>\n' "$header"
	done
	for name in $macros; do
		printf '#ifndef %s\n#error %s is missing\n#endif\n' "$name" "$name"
	done
	for name in $types; do
		printf 'extern %s type_%s;\n' "$name" "$name"
	done
	for name in $structs; do
		printf 'extern struct %s struct_%s;\n' "$name" "$name"
		printf 'unsigned long size_%s(void);\n' "$name"
		printf 'unsigned long size_%s(void) { return sizeof(struct %s); }\n' \
			"$name" "$name"
	done
	for name in $values; do
		printf 'int value_%s(void);\n' "$name"
		printf 'int value_%s(void) { return (%s) ? 1 : 0; }\n' \
			"$name" "$name"
	done
	for name in $functions; do
		printf '#ifndef %s\nvoid *use_%s(void);\n' "$name" "$name"
		printf 'void *use_%s(void) { return (void *)&%s; }\n#endif\n' \
			"$name" "$name"
	done
	while IFS= read -r line; do
		[[ -n $line ]] || continue
		name=${line%%(*}
		n=$((n + 1))
		printf 'extern %s (*const is_%s)(%s;\n' "${name% *}" \
			"${name##* }" "${line#*(}"
		printf '%s (*const is_%s)(%s = %s;\n' "${name% *}" \
			"${name##* }" "${line#*(}" "${name##* }"
	done <<<"$prototypes"
	cat <<'C'
nk_err_t receive(struct nk_transport *, struct nk_message *, struct nk_arena *);
nk_err_t receive(struct nk_transport *from, struct nk_message *message,
		 struct nk_arena *arena)
{
	return nk_transport_recv(from, message, arena);
}
C
} >"$TMP/all.c"
compile "every name is there, and of its type" "$TMP/all.c"
is "all prototypes were looked at" "$n" 18

# The test sees what is missing.
sed 's/KnCmDrop/KnCmDropped/g' "$TMP/all.c" >"$TMP/missing.c"
check_not "a name that is not there is no success" gcc -std=c17 \
	-I "$TMP/include" -c -o "$TMP/all.o" "$TMP/missing.c"
sed 's/(const char \*, rtl_uint32_t, NsHandle \*)/(int)/' "$TMP/all.c" \
	>"$TMP/missing.c"
check_not "nor is another type" gcc -std=c17 -Werror -I "$TMP/include" -c \
	-o "$TMP/all.o" "$TMP/missing.c"

# And the library has them all: a program of them links.
{
	cat "$TMP/all.c"
	echo 'int main(void) { return 0; }'
} >"$TMP/main.c"
check "the library has all of them" gcc -std=gnu17 -fPIE -static-pie \
	-I "$TMP/include" -o "$TMP/main" "$TMP/main.c" "$BUILD/lib/libdk.a"
for header in $headers; do
	[[ -e $TMP/include/$header ]] || not_ok "$header is installed"
done
done_testing
