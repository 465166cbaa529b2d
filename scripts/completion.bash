# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# What bash offers after dk, dkd and dkc: source this file, or let bash-completion
# find it where `make install` puts it. tests/system/manual.sh compares it with
# what --help lists.

_dk_daemon='--bin --data --grants --trace --json --audit-level --wait --control --control-group --grace --help --version'

_dk_offer() { # LINES
	COMPREPLY=()
	[[ -z $1 ]] || mapfile -t COMPREPLY <<<"$1"
}

_dk_words() { # WORDS
	_dk_offer "$(compgen -W "$1" -- "$cur")"
}

_dk_files() { # [ENDING...]: folders, and the files that end so
	local ending
	compopt -o filenames 2>/dev/null
	_dk_offer "$({
		compgen -d -- "$cur"
		for ending; do
			compgen -f -X "!*$ending" -- "$cur"
		done
	} | sort -u)"
}

# Sets cur and prev; bash makes three words of --option=value.
_dk_begin() {
	cur=${COMP_WORDS[COMP_CWORD]-}
	prev=${COMP_WORDS[COMP_CWORD - 1]-}
	COMPREPLY=()
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]-}
	fi
}

_dk_daemon_line() {
	case $prev in
	--bin | --data) _dk_files ;;
	--control) _dk_files ;;
	--audit-level | --wait | --grace | --control-group) ;;
	*)
		case $cur in
		-*) _dk_words "$_dk_daemon" ;;
		*) _dk_files .dk ;;
		esac
		;;
	esac
}

_dkd() {
	local cur prev
	_dk_begin
	_dk_daemon_line
}

_dk_ask() { # OPTIONS
	local dir
	case $prev in
	-s | --socket)
		_dk_offer "$({
			compgen -f -X '!*.sock' -- "$cur"
			for dir in /run/dk "/run/user/$UID/dk"; do
				compgen -f -X '!*.sock' -- "$dir/$cur" |
					sed "s,^$dir/,,; s,\.sock\$,,"
			done
		} | sort -u)"
		;;
	--level) ;;
	*) [[ $cur != -* ]] || _dk_words "$1 -s --socket --help" ;;
	esac
}

_dk() {
	local cur prev
	_dk_begin
	if [[ $COMP_CWORD == 1 ]]; then
		_dk_words 'run new ps channels names audit spawn stop selftest --help --version'
		return
	fi
	case ${COMP_WORDS[1]} in
	run) _dk_daemon_line ;;
	new) [[ $cur != -* ]] || _dk_words --help ;;
	ps) _dk_ask '--json --sandbox' ;;
	channels | names) _dk_ask --json ;;
	audit) _dk_ask '--json --follow --level' ;;
	spawn | stop) _dk_ask '' ;;
	selftest)
		case $prev in
		--bin | --data) _dk_files ;;
		*)
			case $cur in
			-*) _dk_words '--bin --data --json --help' ;;
			*) _dk_files .dk ;;
			esac
			;;
		esac
		;;
	esac
}

_dkc() {
	local cur prev options files
	_dk_begin
	if [[ $COMP_CWORD == 1 ]]; then
		_dk_words 'xdl build dump test check explain diff seccomp graph fmt --help --version'
		return
	fi
	case ${COMP_WORDS[1]} in
	xdl)
		options='-I -o --help'
		files='.edl .cdl .idl'
		;;
	build)
		options='-I -D -o --init --help'
		files='.psl .psl.in'
		[[ $prev != -o ]] || files='.dk'
		;;
	dump | seccomp)
		options='--help'
		files='.dk'
		;;
	check)
		options='-I -D --init --help'
		files='.psl .psl.in'
		;;
	test)
		options='-I -D --filter --junit --coverage --fail-under --lcov --states --help'
		files='.psl .psl.in'
		[[ $prev != --junit ]] || files='.xml'
		[[ $prev != --lcov ]] || files='.info'
		;;
	explain | diff)
		options='--json --help'
		files='.dk'
		;;
	graph)
		options='--format -o -I -D --init --states --help'
		files='.dk .psl .psl.in'
		[[ $prev != -o ]] || files='.html .svg .dot'
		[[ $prev != --format ]] || {
			_dk_words 'dot svg html'
			return
		}
		;;
	fmt)
		options='--check --help'
		files='.edl .cdl .idl .psl .yaml .yml'
		;;
	*) return ;;
	esac
	[[ $prev != --init ]] || files='.yaml .yml .yaml.in'
	case $prev:$cur in
	-I:*) files= ;;
	-o:*) [[ ${COMP_WORDS[1]} != xdl ]] || files= ;;
	-D:* | --filter:* | --fail-under:* | --states:*) return ;;
	*:-*)
		_dk_words "$options"
		return
		;;
	esac
	# shellcheck disable=SC2086 # a list of endings
	_dk_files $files
}

complete -F _dk dk
complete -F _dkd dkd
complete -F _dkc dkc
