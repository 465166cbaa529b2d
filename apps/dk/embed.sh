#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# usage: apps/dk/embed.sh FILE.in... >new_templates.h
#
# Writes the files of apps/dk/new as C, for new.c: a list of lines each, without
# the licence lines at its head and the empty line after them.
set -eu

lines() { # FILE
	sed -e '1,2{/SPDX-License-Identifier\|Copyright the dk authors/d}' "$1" |
		sed -e '1{/^$/d}' -e 's/[\\"]/\\&/g' -e 's/\t/\\t/g' \
			-e 's/.*/\t"&\\n",/'
}

echo '/* Made by apps/dk/embed.sh from apps/dk/new. */'
n=0
for file; do
	echo "static const char *const template_${n}[] = {"
	lines "$file"
	echo '	NULL'
	echo '};'
	n=$((n + 1))
done
echo 'static const struct template templates[] = {'
n=0
for file; do
	folder=
	case $file in
	*/package/*) folder=package ;;
	esac
	name=${file##*/}
	echo "	{ \"$folder\", \"${name%.in}\", template_$n },"
	n=$((n + 1))
done
echo '};'
