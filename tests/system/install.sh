#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# make install and make uninstall, in a tree of our own: what is there, with which
# modes, and that it works from there.
set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need_root
guard_take "$TMP"

unset MAKEFLAGS MAKELEVEL MFLAGS PKG_CONFIG PKG_CONFIG_PATH CFLAGS LDFLAGS DK
chmod 0755 "$TMP"
DEST=$TMP/a\ tree
PREFIX=/usr/local
make_top() { # TARGET [VARIABLE=...]
	run 120 make -C "$TOP" --no-print-directory BUILD="$BUILD" "$@"
}
tree() { # FOLDER: every path below, with type, mode and what it holds
	(cd "$1" && find . -printf '%p %y %m %l\n' | sort &&
		find . -type f -exec sha256sum {} + | sort)
}

# ---- into a tree with others' files ----

mkdir -p "$DEST$PREFIX"/{bin,sbin,lib,include,share/man,share/doc/other} \
	"$DEST$PREFIX/include/rtl" "$DEST$PREFIX/share/man/man1"
echo other >"$DEST$PREFIX/include/rtl/string.h"
echo other >"$DEST$PREFIX/share/man/man1/other.1"
echo other >"$DEST$PREFIX/share/doc/other/README"
tree "$DEST" >"$TMP/before"

umask 000 # the worst there is
make_top install DESTDIR="$DEST"
umask 022
is "make install ends with 0, whatever is in DESTDIR's name" "$STATUS" 0
[[ $STATUS == 0 ]] || note <"$TMP/out"
has "it says where" "$TMP/out" '^installed below .*/a tree/usr/local$'

at() { # PATH MODE
	is "$1 has mode $2" "$(stat -c %a "$DEST$PREFIX/$1" 2>&1)" "$2"
}
at bin/dk 755
at bin/dkc 755
at sbin/dkd 755
at libexec/dk/NameServer 755
at libexec/dk/selftest 755
at libexec/dk/Rogue 755
at libexec/dk/selftest.dk 644
at lib/libdk.a 644
at lib/pkgconfig/dk.pc 644
at include/dk/nk/types.h 644
at include/dk/kl/core/NS.idl.h 644
at include/dk/dk/layout.h 644
at share/dk/nk/base.psl 644
at share/dk/kl/core/Core.edl 644
at share/man/man1/dk.1 644
at share/man/man1/dkc.1 644
at share/man/man5/dk-idl.5 644
at share/man/man5/dk-init.5 644
at share/man/man5/dk-psl.5 644
at share/man/man8/dkd.8 644
at share/bash-completion/completions/dk 644
at share/doc/dk/LICENSE 644
is "all headers that were built are there, and no other" \
	"$(cd "$DEST$PREFIX/include/dk" && find . -type f | sort)" \
	"$(cd "$BUILD/include" && find . -type f | sort)"
is "so are all standard files" \
	"$(cd "$DEST$PREFIX/share/dk" && find . -type f | sort)" \
	"$(cd "$BUILD/share/dk" && find . -type f | sort)"
is "another's header of the same name is still there" \
	"$(cat "$DEST$PREFIX/include/rtl/string.h")" other

is "A17_no path is writable by its group or by others" \
	"$(find "$DEST" ! -type l -perm /022)" ""
is "A5_no file is setuid or setgid" \
	"$(find "$DEST" -perm /6000)" ""
if command -v getcap >/dev/null; then
	is "A5_no file has capabilities of its own" "$(getcap -r "$DEST")" ""
else
	skip "A5_no file has capabilities of its own" "there is no getcap"
fi
is "everything is root's" "$(find "$DEST" ! -uid 0 -o ! -gid 0)" ""
is "everything may be read by everybody" \
	"$(find "$DEST" -type f ! -perm -444 -o -type d ! -perm -555)" ""
is "links are within, and lead somewhere" \
	"$(find "$DEST" -type l \( -lname '/*' -o -lname '*..*' -o -xtype l \))" ""
check_not "A17 nothing holds a password" \
	grep -rliE 'passw(or)?d *[:=]' "$DEST$PREFIX/share" \
	"$DEST$PREFIX/lib/pkgconfig"

tree "$DEST" >"$TMP/first"
make_top install DESTDIR="$DEST"
tree "$DEST" >"$TMP/second"
check "installing again changes nothing" cmp "$TMP/first" "$TMP/second"

# ---- pkg-config ----

PC="pkg-config --define-prefix"
export PKG_CONFIG_LIBDIR=$TMP/moved/lib/pkgconfig
# A name without blanks for make and pkg-config; nothing below knows $BUILD.
mv "$DEST$PREFIX" "$TMP/moved"
query() { # ARGUMENT...
	$PC "$@" dk 2>&1
}
is "pkg-config knows the version" "dk $(query --modversion)" \
	"$("$TMP/moved/bin/dk" --version)"
for name in dk dkc dkd nameserver; do
	check "its variable $name is a program" \
		test -f "$(query --variable=$name)" -a \
		-x "$(query --variable=$name)"
done
check "its variable standard has the standard files" \
	test -f "$(query --variable=standard)/nk/base.psl"
has "without --define-prefix it is PREFIX" \
	"$PKG_CONFIG_LIBDIR/dk.pc" "^prefix=$PREFIX\$"
has_not "nothing of DESTDIR is in it" "$PKG_CONFIG_LIBDIR/dk.pc" "$TMP"
stds=gnu17
if command -v g++ >/dev/null; then
	stds+=' c++17'
else
	skip "each header compiles alone as C++" "there is no g++"
fi
for header in $(cd "$TMP/moved/include/dk" && find . -name '*.h' | sort); do
	for std in $stds; do
		x=c
		[[ $std != c++* ]] || x=c++
		# shellcheck disable=SC2046 # flags are words
		gcc -x $x -std="$std" $(query --cflags) -Wall -Wextra -Werror \
			-fsyntax-only -include "${header#./}" - </dev/null \
			2>>"$TMP/headers" || echo "$header as $x" >>"$TMP/headers"
	done
done
is "each header compiles alone: $stds" \
	"$(cat "$TMP/headers" 2>/dev/null)" ""

# ---- a solution with what is installed ----

cd "$TMP" || exit 1
run 10 "$TMP/moved/bin/dk" new echo
is "the installed dk writes a solution" "$STATUS" 0
check_not "which names no build folder" grep -rF "$TMP" echo
run 60 make -C echo PKG_CONFIG="$PC" run
is "it builds and runs with what is installed" "$STATUS" 0
has "granted" "$TMP/out" '^\[echo\.Client\] Add 22: the total is 42$'
has "and refused" "$TMP/out" '^\[echo\.Client\] Reset is refused: '
has_not "without a warning" "$TMP/out" 'warning'
has_not "and with nothing else" "$TMP/out" "$BUILD/(bin|lib|include)"

# A program whose server is looked up by name needs the installed name server.
printf -- '\n- name: kl.core.NameServer\n' >>echo/init.yaml
sed -i 's/^use EDL Einit/&\nuse EDL kl.core.NameServer/
	s/^execute src = Einit.*echo.Server.*/&\nexecute src = Einit, dst = kl.core.NameServer { grant () }/' \
	echo/security.psl
run 60 make -C echo PKG_CONFIG="$PC" run
is "with a name server too" "$STATUS" 0
check "it is the installed one" \
	cmp echo/build/NameServer "$TMP/moved/libexec/dk/NameServer"
mv "$TMP/moved" "$DEST$PREFIX"

# ---- and away again ----

make_top uninstall DESTDIR="$DEST"
is "make uninstall ends with 0" "$STATUS" 0
tree "$DEST" >"$TMP/after"
is "it leaves what was there before, and nothing else" \
	"$(diff "$TMP/before" "$TMP/after")" ""
make_top uninstall DESTDIR="$DEST"
is "there is nothing to remove the second time, and that is fine" "$STATUS" 0

# ---- other places ----

make_top install PREFIX="$TMP/own"
is "a PREFIX of one's own needs no DESTDIR" "$STATUS" 0
is "its pkg-config file needs no --define-prefix" \
	"$(PKG_CONFIG_LIBDIR=$TMP/own/lib/pkgconfig pkg-config \
		--variable=dkc dk)" "$TMP/own/bin/dkc"
echo mine >"$TMP/own/share/dk/mine.psl"
make_top uninstall PREFIX="$TMP/own"
is "what somebody put beside our files stays" \
	"$(find "$TMP/own" -type f)" "$TMP/own/share/dk/mine.psl"

make_top install PREFIX=here DESTDIR="$TMP/none"
check "a PREFIX that is no absolute path is refused" test "$STATUS" != 0
make_top install PREFIX='/a b' DESTDIR="$TMP/none"
check "so is one with a blank" test "$STATUS" != 0
make_top install PREFIX= DESTDIR="$TMP/none"
check "and an empty one" test "$STATUS" != 0
check_not "nothing is written then" test -e "$TMP/none"

done_testing
