# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# What a program sees of the machine: what it was given, and nothing else.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/solution.sh"
need_root
lab
guard_take "$TMP"

mkdir "$TMP/papers" "$TMP/work" "$TMP/secret"
chmod 0755 "$TMP/papers" "$TMP/work"
echo "the first paper" >"$TMP/papers/one"
echo "the second paper" >"$TMP/papers/two"
echo "a secret" >"$TMP/secret/key"
echo "old" >"$TMP/work/old"
chmod 0644 "$TMP/papers/"* "$TMP/secret/key" "$TMP/work/old"
ln -s ../secret/key "$TMP/papers/link"
ln -s /etc/passwd "$TMP/papers/absolute"
mkdir "$TMP/away"
chmod 0755 "$TMP/away"
echo "absolute" >"$TMP/away/file"
chmod 0644 "$TMP/away/file"

lab_policy sandbox all
cat >"$TMP/sandbox.yaml" <<IN
entities:
- name: lab.Client
  task: Reader
  path: probe
  args: [list, /, list, /papers, read, /papers/one, read, papers/two, write,
    /papers/three, text, write, /papers/one, text, read, /papers/link, read,
    /papers/absolute, read, /papers/../secret/key, list, /secret, list, /work,
    read, /work/old, list, /proc, list, /dev, list, /etc, read, /etc/passwd,
    read, "$TMP/secret/key", list, .., write, /new, text, read,
    "$TMP/away/file", env, PATH, env, HOME, env, COLOUR, env, LD_PRELOAD]
  env: {COLOUR: blue}
  sandbox:
    read: [papers, "$TMP/away"]
- name: lab.Other
  task: Writer
  path: probe
  args: [list, /, write, /work/new, "text of mine", read, /work/new, list, /work,
    write, /work/../papers/x, text, list, /papers]
  sandbox:
    write: [work]
- name: lab.Server
  task: Bare
  path: probe
  args: [print, here, list, /]
IN
export LD_PRELOAD='' HOME=/root
lab_run sandbox 30 --wait Reader --wait Writer --wait Bare
said "a reader reads its folder" Reader "read /papers/one: 'the first paper'"
said "its working folder is the root" Reader "read papers/two: 'the second"
said "it lists its folder" Reader 'list /papers:.* (one .*two|two .*one)'
said "it creates nothing there" Reader 'write /papers/three: errno [0-9]+'
said "it changes nothing there" Reader 'write /papers/one: errno [0-9]+'
is "what is read only is unchanged" "$(cat "$TMP/papers/one")" "the first paper"
said "a link out of the folder leads nowhere" Reader \
	'read /papers/link: errno [0-9]+'
said "an absolute link leads nowhere" Reader \
	'read /papers/absolute: errno [0-9]+'
said "going up leads nowhere" Reader 'read /papers/../secret/key: errno [0-9]+'
for path in /secret /work /proc /dev /etc; do
	said "$path is not there" Reader "list $path: errno 2$"
done
said "/etc/passwd is not there" Reader 'read /etc/passwd: errno 2$'
said "another's folder is not there" Reader 'read /work/old: errno 2$'
said "a secret at its own path is not there" Reader \
	"read $TMP/secret/key: errno [0-9]+"
said "an absolute folder is where it is" Reader "read $TMP/away/file: 'absolute'"
said_not "the root shows nothing else" Reader \
	'list /:.* (bin|etc|proc|dev|root|usr|home|secret|work) '
said "nothing is created in the root" Reader 'write /new: errno [0-9]+'
said "the environment of the image is there" Reader "env COLOUR: 'blue'"
said "the caller's PATH is not" Reader "env PATH: '\(none\)'"
said "the caller's HOME is not" Reader "env HOME: '\(none\)'"
said "nor what would be loaded" Reader "env LD_PRELOAD: '\(none\)'"
said "a writer writes" Writer 'write /work/new: done'
said "and reads what it wrote" Writer "read /work/new: 'text of mine'"
is "it is there afterwards" "$(cat "$TMP/work/new" 2>&1)" "text of mine"
said "a writer sees no other folder" Writer 'list /papers: errno 2$'
said "a writer writes nowhere else" Writer 'write /work/../papers/x: errno'
said "a class without folders runs" Bare 'here'
has "a class without folders cannot even list" "$TMP/out" \
	'(killed|forbidden).*Bare|Bare.*(killed|forbidden|SIGSYS)'

done_testing
